import { errorOfAbort } from "./abort.js";

export type Source = AsyncIterator<unknown> | Iterator<unknown>;

export interface StreamParts<T> {
  /** Begins the stream, when the first item is asked for. */
  readonly open: () => Source | PromiseLike<Source>;
  /** What becomes of an item; `number` counts from 1. */
  readonly read: (item: unknown, number: number) => T;
  /** Cuts the stream: whoever waits gets the reason. Asked for when the stream begins. */
  readonly signal: () => AbortSignal;
  /** Around every step of the source. */
  readonly step?: <R>(run: () => R) => R;
  /** Called once. `isComplete` tells a source that came to its end or failed from one cut off. */
  readonly onEnd?: (isComplete: boolean) => void;
}

interface Settle<T> {
  readonly resolve: (result: IteratorResult<T>) => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * A stream that can be cut at any moment. An async generator cannot: its `return` waits until what
 * it awaits has come. Here whoever waits for the next item is let go at once, and the source is
 * told to return behind its back.
 */
export class GuardedStream<T> implements AsyncIterableIterator<T> {
  private source: Source | undefined;
  private signal: AbortSignal | undefined;
  private number = 0;
  private isDone = false;
  private failure: { readonly reason: unknown } | undefined;
  private pending: Promise<IteratorResult<T>> | undefined;
  private settlePending: Settle<T> | undefined;

  constructor(private readonly parts: StreamParts<T>) {}

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<T>> {
    if (this.pending === undefined) return this.advance();
    // Somebody asks for two at a time: in turn, as an async generator would.
    const again = (): Promise<IteratorResult<T>> => this.next();
    return this.pending.then(again, again);
  }

  /** The caller wants no more. */
  async return(): Promise<IteratorResult<T>> {
    this.failure = undefined;
    this.end(false);
    return { done: true, value: undefined };
  }

  private advance(): Promise<IteratorResult<T>> {
    if (this.failure !== undefined) {
      const { reason } = this.failure;
      this.failure = undefined;
      return Promise.reject(reason);
    }
    if (this.isDone) return Promise.resolve({ done: true, value: undefined });
    const promise = new Promise<IteratorResult<T>>((resolve, reject) => {
      this.settlePending = { resolve, reject };
      this.pull().then(resolve, (error: unknown) => {
        this.end(true);
        reject(error);
      });
    });
    this.pending = promise;
    const settled = (): void => {
      this.pending = undefined;
      this.settlePending = undefined;
    };
    promise.then(settled, settled);
    return promise;
  }

  private async pull(): Promise<IteratorResult<T>> {
    const { step = (run) => run(), read } = this.parts;
    const source = this.source ?? (await this.open());
    const result = await step(() => source.next());
    if (this.isDone) return { done: true, value: undefined };
    if (result.done === true) {
      this.source = undefined;
      this.end(true);
      return { done: true, value: undefined };
    }
    this.number++;
    return { done: false, value: read(result.value, this.number) };
  }

  private async open(): Promise<Source> {
    this.signal = this.parts.signal();
    if (this.signal.aborted) throw errorOfAbort(this.signal);
    this.signal.addEventListener("abort", this.onAbort, { once: true });
    const source = await this.parts.open();
    this.source = source;
    if (this.isDone) this.leave();
    return source;
  }

  private readonly onAbort = (): void => {
    const reason = this.signal && errorOfAbort(this.signal);
    if (this.settlePending !== undefined) this.settlePending.reject(reason);
    else if (!this.isDone) this.failure = { reason };
    this.end(false);
  };

  private end(isComplete: boolean): void {
    if (this.isDone) return;
    this.isDone = true;
    this.signal?.removeEventListener("abort", this.onAbort);
    this.parts.onEnd?.(isComplete);
    this.leave();
    // Returned from outside of the loop that waits for an item.
    if (!isComplete) this.settlePending?.resolve({ done: true, value: undefined });
  }

  /** Has the source clean up. What goes wrong there is nobody's answer any more. */
  private leave(): void {
    const { source } = this;
    this.source = undefined;
    if (source?.return === undefined) return;
    const { step = (run) => run() } = this.parts;
    const finish = async (): Promise<void> => {
      await step(() => source.return?.());
    };
    finish().catch(() => undefined);
  }
}
