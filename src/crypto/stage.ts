import type { PieceList } from "./backend.js";
import { bytesOf, detachedError, isDetached, toInput } from "./data.js";

/** Longer inputs are not worth copying: the hash itself takes most of the time. */
const LONGEST_BYTES = 2048;

/** UTF-8 of a UTF-16 unit has no more bytes. */
const MAX_UNIT_BYTES = 3;

/**
 * Inputs of an array, copied one after the other, so that native code gets many of them at once:
 * copying 64 bytes takes 20 ns, asking Node-API where they are takes 30 ns and more.
 */
export class Stage {
  readonly #data: Buffer;
  readonly #offsets: Float64Array;
  readonly #inputs: readonly unknown[];
  readonly #all: number;
  #count = 0;

  /** Room for so many bytes, and for `count` of `all` inputs. */
  constructor(inputs: readonly unknown[], all: number, bytes: number, count: number) {
    this.#data = Buffer.allocUnsafeSlow(Math.max(bytes, LONGEST_BYTES * MAX_UNIT_BYTES));
    this.#offsets = new Float64Array(count + 1);
    this.#inputs = inputs;
    this.#all = all;
  }

  /** What the last `fill` took in. */
  get pieces(): PieceList {
    return { data: this.#data, offsets: this.#offsets, recordSize: 0, count: this.#count };
  }

  /**
   * Takes in inputs from `first` on until there is no more room; returns how many. None means that
   * the first is too long to be copied.
   *
   * @throws ArgumentError for an input that is no data, or detached
   */
  fill(first: number): number {
    const inputs = this.#inputs;
    const room = Math.min(this.#all - first, this.#offsets.length - 1);
    this.#count = 0;
    while (this.#count < room) {
      const position = first + this.#count;
      const input = inputs[position];
      let taken: number;
      if (typeof input === "string") taken = this.#takeTexts(position, room);
      else if (input instanceof Uint8Array) taken = this.#takeArrays(position, room);
      else taken = this.#take(toBytes(input, position));
      if (taken === 0) break;
    }
    return this.#count;
  }

  /** Texts are encoded all at once, which says whether they are ASCII, as most are. */
  #takeTexts(first: number, room: number): number {
    const inputs = this.#inputs;
    const last = first - this.#count + room;
    const start = this.#offsets[this.#count] ?? 0;
    const capacity = (this.#data.length - start) / MAX_UNIT_BYTES;
    let joined = "";
    let end = first;
    for (; end < last; end++) {
      const text = inputs[end];
      if (typeof text !== "string" || text.length > LONGEST_BYTES) break;
      if (joined.length + text.length > capacity) break;
      joined += text;
    }
    const isAscii = this.#data.write(joined, start) === joined.length;
    let used = start;
    for (let position = first; position < end; position++) {
      const text = inputs[position] as string;
      used += isAscii ? text.length : this.#data.write(text, used);
      this.#offsets[++this.#count] = used;
    }
    return end - first;
  }

  /** Byte arrays from `first` on, which most inputs are: in a loop that does nothing else. */
  #takeArrays(first: number, room: number): number {
    const inputs = this.#inputs;
    const offsets = this.#offsets;
    const data = this.#data;
    const capacity = data.length;
    const before = this.#count;
    let count = before;
    let used = offsets[count] ?? 0;
    for (; count < room; count++) {
      const position = first + count - before;
      const input = inputs[position];
      if (!(input instanceof Uint8Array)) break;
      const { length } = input;
      if (length === 0 && isDetached(input)) throw detachedError(1, `inputs[${position}]`);
      if (length > LONGEST_BYTES || length > capacity - used) break;
      data.set(input, used);
      used += length;
      offsets[count + 1] = used;
    }
    this.#count = count;
    return count - before;
  }

  #take(bytes: Uint8Array): number {
    const start = this.#offsets[this.#count] ?? 0;
    if (bytes.length > LONGEST_BYTES || bytes.length > this.#data.length - start) return 0;
    this.#data.set(bytes, start);
    this.#offsets[++this.#count] = start + bytes.length;
    return 1;
  }
}

function toBytes(input: unknown, position: number): Uint8Array {
  const view = toInput(input, 1, "inputs", position);
  if (typeof view === "string") return Buffer.from(view);
  if (isDetached(view)) throw detachedError(1, `inputs[${position}]`);
  return bytesOf(view);
}
