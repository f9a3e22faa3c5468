/** The smallest block: a cache line, so that no two calls share one. Bytes, as a power of two. */
const MIN_ORDER = 6;

/** Blocks up to 2^12 bytes that were given back are kept as they are, so many of each size. */
const QUICK_ORDER = 12;
const QUICK_BLOCKS = 64;

/**
 * Which parts of some memory are in use: blocks of a power of two bytes, at multiples of their size
 * (D. E. Knuth, The Art of Computer Programming, volume 1, section 2.5). Knows nothing of the
 * memory itself, so that whoever else writes to it cannot mislead it.
 */
export class BuddyAllocator {
  readonly #maxOrder: number;
  /** Offsets of free blocks by order; a buddy is found by its offset. */
  readonly #free: Set<number>[];
  readonly #quick: number[][];
  readonly #orders = new Map<number, number>();

  /** `bytes` is a power of two. */
  constructor(readonly bytes: number) {
    this.#maxOrder = Math.log2(bytes);
    this.#free = Array.from({ length: this.#maxOrder + 1 }, () => new Set());
    this.#quick = Array.from({ length: QUICK_ORDER + 1 }, () => []);
    this.#free[this.#maxOrder]?.add(0);
  }

  /** The offset of a block of at least so many bytes; undefined if there is none. */
  take(bytes: number, alignment = 1): number | undefined {
    const wanted = Math.max(bytes, alignment, 1 << MIN_ORDER);
    const order =
      wanted <= 0x8000_0000 ? 32 - Math.clz32(wanted - 1) : Math.ceil(Math.log2(wanted));
    const offset = this.#quick[order]?.pop() ?? this.#split(order) ?? this.#splitAfterMerge(order);
    if (offset !== undefined) this.#orders.set(offset, order);
    return offset;
  }

  /** Takes a block back. */
  give(offset: number): void {
    const order = this.#orders.get(offset);
    if (order === undefined) throw new Error(`no block at ${offset}`);
    this.#orders.delete(offset);
    const quick = this.#quick[order];
    if (quick !== undefined && quick.length < QUICK_BLOCKS) quick.push(offset);
    else this.#merge(offset, order);
  }

  /** Blocks in use. */
  get count(): number {
    return this.#orders.size;
  }

  #split(order: number): number | undefined {
    let from = order;
    while (from <= this.#maxOrder && this.#free[from]?.size === 0) from++;
    const blocks = this.#free[from];
    if (blocks === undefined) return undefined;
    const [offset] = blocks;
    if (offset === undefined) return undefined;
    blocks.delete(offset);
    for (let half = from - 1; half >= order; half--) this.#free[half]?.add(offset + 2 ** half);
    return offset;
  }

  /** The blocks that were kept as they are may make up a larger one. */
  #splitAfterMerge(order: number): number | undefined {
    for (const [size, quick] of this.#quick.entries()) {
      for (const offset of quick.splice(0)) this.#merge(offset, size);
    }
    return this.#split(order);
  }

  #merge(offset: number, order: number): void {
    let start = offset;
    let size = order;
    for (; size < this.#maxOrder; size++) {
      const block = 2 ** size;
      const buddy = Math.floor(start / block) % 2 === 0 ? start + block : start - block;
      if (this.#free[size]?.delete(buddy) !== true) break;
      start = Math.min(start, buddy);
    }
    this.#free[size]?.add(start);
  }
}
