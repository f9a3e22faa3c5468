import { ServiceError } from "../errors/index.js";
import type { WireForm } from "../service/schema/codec.js";
import type { CallContext, Caller, Metadata } from "./call-context.js";

/**
 * A call that is being answered, as the way it came knows it. The signal and what it listens to
 * exist only once a handler asks for them.
 */
export abstract class IncomingCall implements CallContext {
  private controller: AbortController | undefined;
  private stopListening: (() => void) | undefined;
  private failure: ServiceError | undefined;
  private readonly endMs: number | undefined;
  /** The server has asked who calls. */
  isIdentified = false;

  constructor(
    readonly service: string,
    readonly method: string,
    readonly timeoutMs: number | undefined,
    public caller: Caller | undefined = undefined,
    readonly resumeAfter: number | undefined = undefined,
  ) {
    if (timeoutMs !== undefined) this.endMs = performance.now() + timeoutMs;
  }

  abstract readonly headers: Metadata;

  /** The form that the arguments came in. */
  get argumentForm(): WireForm {
    return "json";
  }

  /** The form that the result has to have. */
  get resultForm(): WireForm {
    return "json";
  }

  /** Nobody can read on the way what the caller sends: TLS, a Unix socket, this machine. */
  abstract readonly isPrivate: boolean;

  /** Has `onGone` called when nobody waits for the answer any more; gives what stops that. */
  protected abstract listen(onGone: () => void): () => void;

  get remainingMs(): number | undefined {
    if (this.endMs === undefined) return undefined;
    return Math.max(0, Math.ceil(this.endMs - performance.now()));
  }

  get signal(): AbortSignal {
    if (this.controller === undefined) {
      this.controller = new AbortController();
      if (this.failure !== undefined) this.controller.abort(this.failure);
      else this.stopListening = this.listen(() => this.abort(callerGone()));
    }
    return this.controller.signal;
  }

  /** Aborts the handler's signal. Only the first reason counts. */
  abort(reason: ServiceError): void {
    if (this.failure !== undefined) return;
    this.failure = reason;
    this.controller?.abort(reason);
  }

  /** The call is over: stops listening to a connection that outlives it. */
  release(): void {
    this.stopListening?.();
    this.stopListening = undefined;
  }
}

function callerGone(): ServiceError {
  return new ServiceError("CANCELLED", "the caller is gone");
}
