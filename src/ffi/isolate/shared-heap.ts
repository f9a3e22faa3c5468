import { NativeError } from "../../errors/index.js";
import type { NativeBinding } from "../../internal/binding.js";
import type { Engine, Held } from "../call/engine.js";
import { readTextsBy } from "../call/text-source.js";
import { BuddyAllocator } from "./buddy.js";
import type { Range } from "./ranges.js";

/** The memory must not go before the buffers on it. */
const owners = new WeakMap<ArrayBuffer, SharedHeap>();

/** Which ways a block's bytes go where they have to be sent: native/channel/frames.h. */
export const WAYS = { there: 1, back: 2, both: 3 } as const;

/**
 * Memory that this process and its helpers have at the same address: what arguments point to is
 * copied here for the length of a call, unless it is here already. Outlives the helpers. If it is
 * private, each helper has its own there, and calls send what they hold of it.
 */
export class SharedHeap {
  readonly buffer: ArrayBuffer;
  readonly address: bigint;
  readonly #bytes: Uint8Array;
  readonly #blocks: BuddyAllocator;
  readonly #allocated = new WeakMap<ArrayBuffer, bigint>();
  readonly #lost = new FinalizationRegistry<number>((offset) => this.#blocks.give(offset));

  /** `bytes` is a power of two. */
  constructor(
    private readonly binding: NativeBinding,
    bytes: number,
    readonly isPrivate: boolean,
  ) {
    this.buffer = binding.isolate.shareMemory(bytes, isPrivate);
    this.address = binding.addressOf(this.buffer);
    this.#bytes = new Uint8Array(this.buffer);
    this.#blocks = new BuddyAllocator(bytes);
  }

  /** A block for a call, zeroed. */
  block(size: number, alignment: number): Block {
    const place = this.#place(size, alignment);
    place.bytes.fill(0);
    return new Block(place);
  }

  /** A copy of some memory, for a call. */
  copy(source: ArrayBufferView): Block {
    return new CopiedBlock(this.#place(source.byteLength, 1), source);
  }

  /** A copy of memory that C only reads. */
  lend(source: ArrayBufferView): Block {
    const place = this.#place(source.byteLength, 1);
    place.bytes.set(bytesOf(source));
    return new Block(place, WAYS.there);
  }

  /** Room for what a call gives, of which the first `written()` bytes go to the target. */
  collect(target: ArrayBufferView, written: () => number): Block {
    return new CollectingBlock(this.#place(target.byteLength, 1), target, written);
  }

  /** Memory for a caller, zeroed, in a buffer of its own: given back when that is collected. */
  allocate(size: number): Uint8Array<ArrayBuffer> {
    const offset = this.#take(size, 1);
    this.#bytes.fill(0, offset, offset + size);
    const address = this.address + BigInt(offset);
    const buffer = this.binding.viewMemory(address, size);
    this.#lost.register(buffer, offset);
    this.#allocated.set(buffer, address);
    owners.set(buffer, this);
    return new Uint8Array(buffer);
  }

  /**
   * What C left in memory that a finished call holds. Addresses there are of the helper that made
   * it.
   */
  takeBack(held: readonly unknown[], readText: Engine["readText"]): void {
    readTextsBy(this.buffer, readText);
    for (const item of held) if (item instanceof ReturnedBlock) item.copyBack(readText);
  }

  /**
   * The address of memory that is part of this one; undefined for other memory. What was allocated
   * is other memory to helpers that do not share it: two calls could send it at the same time.
   */
  addressOf(view: ArrayBufferView): bigint | undefined {
    const allocated = this.isPrivate ? undefined : this.#allocated;
    const start =
      view.buffer === this.buffer ? this.address : allocated?.get(view.buffer as ArrayBuffer);
    return start === undefined ? undefined : start + BigInt(view.byteOffset);
  }

  /** Blocks in use. */
  get blockCount(): number {
    return this.#blocks.count;
  }

  #place(size: number, alignment: number): Place {
    const offset = this.#take(size, alignment);
    const bytes = this.#bytes.subarray(offset, offset + size);
    return { blocks: this.#blocks, bytes, offset, address: this.address + BigInt(offset) };
  }

  #take(size: number, alignment: number): number {
    const offset = this.#blocks.take(size, alignment);
    if (offset !== undefined) return offset;
    throw new NativeError(
      "ERR_ISOLATE_MEMORY",
      `no room for ${size} bytes in the memory shared with the helper process, which has ` +
        `${this.#blocks.bytes}: see the option sharedBytes`,
    );
  }
}

/** Where a block is. */
interface Place {
  readonly blocks: BuddyAllocator;
  readonly bytes: Uint8Array;
  readonly offset: number;
  readonly address: bigint;
}

/** A part of the heap that a call holds. */
export class Block implements Held {
  constructor(
    private readonly place: Place,
    private readonly ways: number = WAYS.both,
  ) {}

  get range(): Range {
    const { address, bytes } = this.place;
    return { address: Number(address), bytes: bytes.byteLength, ways: this.ways };
  }

  get bytes(): Uint8Array {
    return this.place.bytes;
  }

  get address(): bigint {
    return this.place.address;
  }

  release(): void {
    this.place.blocks.give(this.place.offset);
  }
}

/** One that stands for memory of the caller's. */
abstract class ReturnedBlock extends Block {
  /** Gives that memory what C left here. */
  abstract copyBack(readText: Engine["readText"]): void;
}

/** A copy of memory of the caller's, which gets back what C left there. */
class CopiedBlock extends ReturnedBlock {
  readonly #source: Buffer;

  constructor(place: Place, source: ArrayBufferView) {
    super(place);
    this.#source = bytesOf(source);
    this.bytes.set(this.#source);
  }

  /** What C changed, unless the memory was detached meanwhile. */
  copyBack(readText: Engine["readText"]): void {
    const target = this.#source;
    if (target.byteLength !== this.bytes.byteLength || target.equals(this.bytes)) return;
    target.set(this.bytes);
    readTextsBy(target, readText);
  }
}

/** Results, which go to the memory of the caller as far as there are some. */
class CollectingBlock extends ReturnedBlock {
  readonly #target: Buffer;

  constructor(
    place: Place,
    target: ArrayBufferView,
    private readonly written: () => number,
  ) {
    super(place, WAYS.back);
    this.#target = bytesOf(target);
  }

  copyBack(): void {
    if (this.#target.byteLength !== this.bytes.byteLength) return;
    this.#target.set(this.bytes.subarray(0, this.written()));
  }
}

function bytesOf(view: ArrayBufferView): Buffer {
  return Buffer.from(view.buffer, view.byteOffset, view.byteLength);
}
