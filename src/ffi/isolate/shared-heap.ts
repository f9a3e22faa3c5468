import { NativeError } from "../../errors/index.js";
import type { NativeBinding } from "../../internal/binding.js";
import type { Engine, Held } from "../call/engine.js";
import { readTextsBy } from "../call/text-source.js";
import { BuddyAllocator } from "./buddy.js";

/** The memory must not go before the buffers on it. */
const owners = new WeakMap<ArrayBuffer, SharedHeap>();

/**
 * Memory that this process and its helpers have at the same address: what arguments point to is
 * copied here for the length of a call, unless it is here already. Outlives the helpers.
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
  ) {
    this.buffer = binding.isolate.shareMemory(bytes);
    this.address = binding.addressOf(this.buffer);
    this.#bytes = new Uint8Array(this.buffer);
    this.#blocks = new BuddyAllocator(bytes);
  }

  /** A block for a call, zeroed. */
  block(size: number, alignment: number): Block {
    const offset = this.#take(size, alignment);
    const bytes = this.#bytes.subarray(offset, offset + size).fill(0);
    return new Block(this.#blocks, bytes, offset, this.address + BigInt(offset));
  }

  /** A copy of some memory, for a call. */
  copy(source: ArrayBufferView): CopiedBlock {
    const offset = this.#take(source.byteLength, 1);
    const bytes = this.#bytes.subarray(offset, offset + source.byteLength);
    return new CopiedBlock(this.#blocks, bytes, offset, this.address + BigInt(offset), source);
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

  /** What C left in memory that a finished call holds. Addresses there are of the helper that made it. */
  takeBack(held: readonly unknown[], readText: Engine["readText"]): void {
    readTextsBy(this.buffer, readText);
    for (const item of held) if (item instanceof CopiedBlock) item.copyBack(readText);
  }

  /** The address of memory that is part of this one; undefined for other memory. */
  addressOf(view: ArrayBufferView): bigint | undefined {
    const start =
      view.buffer === this.buffer ? this.address : this.#allocated.get(view.buffer as ArrayBuffer);
    return start === undefined ? undefined : start + BigInt(view.byteOffset);
  }

  /** Blocks in use. */
  get blockCount(): number {
    return this.#blocks.count;
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

/** A part of the heap that a call holds. */
export class Block implements Held {
  constructor(
    private readonly blocks: BuddyAllocator,
    readonly bytes: Uint8Array,
    private readonly offset: number,
    readonly address: bigint,
  ) {}

  release(): void {
    this.blocks.give(this.offset);
  }
}

/** A copy of memory of the caller's, which gets back what C left there. */
export class CopiedBlock extends Block {
  readonly #source: Buffer;

  constructor(
    blocks: BuddyAllocator,
    bytes: Uint8Array,
    offset: number,
    address: bigint,
    source: ArrayBufferView,
  ) {
    super(blocks, bytes, offset, address);
    this.#source = Buffer.from(source.buffer, source.byteOffset, source.byteLength);
    bytes.set(this.#source);
  }

  /** What C changed, unless the memory was detached meanwhile. */
  copyBack(readText: Engine["readText"]): void {
    const target = this.#source;
    if (target.byteLength !== this.bytes.byteLength || target.equals(this.bytes)) return;
    target.set(this.bytes);
    readTextsBy(target, readText);
  }
}
