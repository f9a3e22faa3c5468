export interface ItemQueueHooks {
  /** An item was taken. */
  readonly onTake?: () => void;
  /** The reader wants no more. */
  readonly onReturn?: () => void;
}

/** Items that arrive by events, for somebody who reads them at a pace of its own. One reader. */
export class ItemQueue<T = unknown> implements AsyncIterableIterator<T> {
  private items: T[] = [];
  private sizes: number[] = [];
  private sizeOfAll = 0;
  /** Where the first item is: `shift` would move all others. */
  private head = 0;
  private outcome: { readonly error?: unknown } | undefined;
  private waiting:
    | { resolve: (result: IteratorResult<T>) => void; reject: (error: unknown) => void }
    | undefined;

  constructor(private readonly hooks: ItemQueueHooks = {}) {}

  get size(): number {
    return this.items.length - this.head;
  }

  /** The sizes of the items that wait, together. */
  get waitingSize(): number {
    return this.sizeOfAll;
  }

  get isEnded(): boolean {
    return this.outcome !== undefined;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** `size` is in a unit of the caller's. */
  push(item: T, size = 0): void {
    if (this.outcome !== undefined) return;
    this.items.push(item);
    this.sizes.push(size);
    this.sizeOfAll += size;
    const { waiting } = this;
    if (waiting === undefined) return;
    this.waiting = undefined;
    waiting.resolve({ done: false, value: this.take() });
  }

  /** No more items come. Those that are here are still given. */
  end(): void {
    this.conclude({});
  }

  /** As `end`, and the reader gets an error after them. */
  fail(error: unknown): void {
    this.conclude({ error });
  }

  /** Takes the oldest item away from its reader. */
  drop(): T | undefined {
    if (this.size === 0) return undefined;
    const item = this.items[this.head];
    this.advance();
    return item;
  }

  next(): Promise<IteratorResult<T>> {
    if (this.size > 0) return Promise.resolve({ done: false, value: this.take() });
    if (this.outcome === undefined) {
      return new Promise((resolve, reject) => {
        this.waiting = { resolve, reject };
      });
    }
    const { outcome } = this;
    this.outcome = {};
    if ("error" in outcome) return Promise.reject(outcome.error);
    return Promise.resolve({ done: true, value: undefined });
  }

  async return(): Promise<IteratorResult<T>> {
    const wasOpen = this.outcome === undefined;
    this.items = [];
    this.sizes = [];
    this.sizeOfAll = 0;
    this.head = 0;
    this.outcome = {};
    this.waiting?.resolve({ done: true, value: undefined });
    this.waiting = undefined;
    if (wasOpen) this.hooks.onReturn?.();
    return { done: true, value: undefined };
  }

  private conclude(outcome: { readonly error?: unknown }): void {
    if (this.outcome !== undefined) return;
    this.outcome = outcome;
    const { waiting } = this;
    this.waiting = undefined;
    if (waiting !== undefined) this.next().then(waiting.resolve, waiting.reject);
  }

  private take(): T {
    const item = this.items[this.head] as T;
    this.advance();
    this.hooks.onTake?.();
    return item;
  }

  private advance(): void {
    this.sizeOfAll -= this.sizes[this.head] ?? 0;
    this.head++;
    if (this.head < 1024 && this.head < this.items.length) return;
    this.items = this.items.slice(this.head);
    this.sizes = this.sizes.slice(this.head);
    this.head = 0;
  }
}
