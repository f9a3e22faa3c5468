import type { MapWork } from "../call/map.js";
import type { Range } from "./ranges.js";
import { type Block, type SharedHeap, WAYS } from "./shared-heap.js";

/** Rows in native/channel/layout.h: byte offsets of its members, and its size. */
const COUNT = 0;
const ROW = 8;
const OUT = 16;
const STOP = 24;
const RESULT = 28;
const RESULT_BYTES = 32;
const COLUMNS = 36;
const PARTS = 40;
const HEADER_BYTES = 48;
const ADDRESS_BYTES = 8;

/** An abi::ColumnPart has six numbers. */
const PART_BYTES = 6 * Uint32Array.BYTES_PER_ELEMENT;

/**
 * A vector call as a helper gets it: its columns and its results are in the shared memory, and so
 * is a description of them. The blocks are added to what the call holds.
 */
export class SharedRows {
  /** Of the description. A number is exact: the systems we know give programs 2^47 bytes. */
  readonly address: number;
  readonly #header: DataView;
  readonly #count: number;

  constructor(heap: SharedHeap, work: MapWork, held: unknown[]) {
    const { columns, views, out } = work;
    const size = HEADER_BYTES + views.length * ADDRESS_BYTES + columns.byteLength;
    const block = heap.block(size, ADDRESS_BYTES);
    held.push(block);
    const { buffer, byteOffset } = block.bytes;
    this.address = Number(block.address);
    this.#header = new DataView(buffer, byteOffset, HEADER_BYTES);
    this.#count = work.count;
    const share = (known: bigint | undefined, copy: () => Block): bigint => {
      if (known !== undefined) return known;
      const made = copy();
      held.push(made);
      return made.address;
    };
    const addresses = new BigUint64Array(buffer, byteOffset + HEADER_BYTES, views.length);
    for (const [index, view] of views.entries()) {
      addresses[index] = share(heap.addressOf(view), () => heap.lend(view));
    }
    new Uint32Array(buffer, addresses.byteOffset + addresses.byteLength, columns.length).set(
      columns,
    );
    const { view } = out;
    const results =
      view === undefined
        ? 0n
        : share(heap.addressOf(view), () => heap.collect(view, () => this.row * out.bytes));
    this.#describe(work, results);
  }

  /** How many rows are done; if the helper ended, the number of the one it was in. */
  get row(): number {
    return Math.min(Number(this.#header.getBigUint64(ROW, true)), this.#count);
  }

  /** No further row: a callback has thrown. */
  stop(): void {
    this.#header.setUint32(STOP, 1, true);
  }

  /** Where `stop` has written. */
  get stopRange(): Range {
    return { address: this.address + STOP, bytes: Uint32Array.BYTES_PER_ELEMENT, ways: WAYS.there };
  }

  #describe({ columns, views, resultOffset, out }: MapWork, results: bigint): void {
    const header = this.#header;
    header.setBigUint64(COUNT, BigInt(this.#count), true);
    header.setBigUint64(OUT, results, true);
    header.setUint32(RESULT, resultOffset, true);
    header.setUint32(RESULT_BYTES, out.view === undefined ? 0 : out.bytes, true);
    header.setUint32(COLUMNS, views.length, true);
    header.setUint32(PARTS, columns.byteLength / PART_BYTES, true);
  }
}
