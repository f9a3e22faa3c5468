import { ServiceError } from "../errors/index.js";
import { MAX_TIMEOUT_MS } from "../service/definition.js";

/**
 * What ends a call from the caller's side: its signal, its deadline, or its own items failing. Each
 * aborts one signal, which goes with the call.
 */
export class CallControl {
  private readonly controller = new AbortController();
  private readonly timer: NodeJS.Timeout | undefined;
  /** What the caller's own items failed with; it is thrown instead of the call's failure. */
  failure: { readonly error: unknown } | undefined;

  constructor(
    timeoutMs: number,
    private readonly outer: AbortSignal | undefined,
  ) {
    if (timeoutMs < MAX_TIMEOUT_MS) {
      this.timer = setTimeout(() => {
        const late = new ServiceError("DEADLINE_EXCEEDED", `no answer within ${timeoutMs} ms`);
        this.controller.abort(late);
      }, timeoutMs);
    }
    if (outer?.aborted === true) this.onAbort();
    outer?.addEventListener("abort", this.onAbort, { once: true });
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  fail(error: unknown): void {
    if (this.signal.aborted) return;
    this.failure = { error };
    this.controller.abort(error);
  }

  /** The call is over, and nobody is left to be told. */
  release(): void {
    clearTimeout(this.timer);
    this.outer?.removeEventListener("abort", this.onAbort);
  }

  /** The call is over, or its caller wants no more. */
  end(): void {
    this.release();
    this.controller.abort(new ServiceError("CANCELLED", "the caller wants no more"));
  }

  private readonly onAbort = (): void => this.controller.abort(this.outer?.reason);
}
