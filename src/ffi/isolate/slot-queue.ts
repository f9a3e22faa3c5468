/**
 * What is in the slots of a lane, in the order in which the helper takes it. Arrays, because a map
 * of what comes and goes is made anew again and again, which was a good part of a call.
 */
export class SlotQueue<T> {
  readonly #items: (T | undefined)[] = [];
  /** The slots of the items, by the count with which they were added. */
  readonly #order: number[] = [];
  /** The next one is the last: it was used before, and its memory is at hand. */
  readonly #free: number[];
  readonly #slotCount: number;
  #added = 0;
  #taken = 0;

  /** `slotCount` is a power of two: counts wrap around. */
  constructor(slotCount: number) {
    this.#slotCount = slotCount;
    this.#free = Array.from({ length: slotCount }, (_, slot) => slot);
  }

  /** How many items were added since it was last cleared, modulo 2^32. */
  get added(): number {
    return this.#added;
  }

  /** How many of them were taken, modulo 2^32. */
  get taken(): number {
    return this.#taken;
  }

  get size(): number {
    return (this.#added - this.#taken) >>> 0;
  }

  get isFull(): boolean {
    return this.#free.length === 0;
  }

  /** What has been in here longest. */
  get first(): T | undefined {
    return this.size === 0 ? undefined : this.#items[this.#slotOf(this.#taken)];
  }

  /** Puts an item last and gives its slot; undefined if there is none. */
  add(item: T): number | undefined {
    const slot = this.#free.pop();
    if (slot === undefined) return undefined;
    this.#items[slot] = item;
    this.#order[this.#added % this.#slotCount] = slot;
    this.#added = (this.#added + 1) >>> 0;
    return slot;
  }

  /** Takes the first item out if it is in that slot, whatever number that is. */
  take(slot: number): T | undefined {
    if (this.size === 0 || slot !== this.#slotOf(this.#taken)) return undefined;
    const item = this.#items[slot];
    this.#items[slot] = undefined;
    this.#taken = (this.#taken + 1) >>> 0;
    this.#free.push(slot);
    return item;
  }

  /** Takes all out, and counts from the start. */
  clear(): T[] {
    const items: T[] = [];
    while (this.size > 0) {
      const item = this.take(this.#slotOf(this.#taken));
      if (item !== undefined) items.push(item);
    }
    this.#added = 0;
    this.#taken = 0;
    return items;
  }

  #slotOf(count: number): number {
    return this.#order[count % this.#slotCount] ?? 0;
  }
}
