import type { FastifyRequest } from "fastify";
import { ServiceError } from "../errors/index.js";

/** What a handler can learn about the call it answers. */
export interface CallContext {
  readonly service: string;
  readonly method: string;
  /** How long the caller waits, if it said so. */
  readonly timeoutMs: number | undefined;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Aborted when the caller is gone or its deadline has passed. */
  readonly signal: AbortSignal;
}

let current: CallContext | undefined;

/**
 * The context of the call that is being answered. To be called by a handler before its first
 * `await`: the context is that of the synchronous part, so that no call pays for tracking it
 * further. Throws FAILED_PRECONDITION elsewhere.
 */
export function callContext(): CallContext {
  if (current !== undefined) return current;
  throw new ServiceError(
    "FAILED_PRECONDITION",
    "callContext() is for handlers that a server called, before their first await",
  );
}

/** Runs the synchronous part of a handler in a context. */
export function runInContext<T>(context: CallContext, run: () => T): T {
  current = context;
  try {
    return run();
  } finally {
    current = undefined;
  }
}

/** The context of a request. The signal and what it listens to exist only once asked for. */
export class RequestContext implements CallContext {
  private controller: AbortController | undefined;
  private onClose: (() => void) | undefined;

  constructor(
    readonly service: string,
    readonly method: string,
    readonly timeoutMs: number | undefined,
    private readonly request: FastifyRequest,
  ) {}

  get headers(): CallContext["headers"] {
    return this.request.headers;
  }

  get signal(): AbortSignal {
    if (this.controller === undefined) {
      this.controller = new AbortController();
      this.onClose = () => this.abort("the caller is gone");
      // The socket rather than the request: a request "closes" as soon as its body is read.
      this.request.raw.socket.once("close", this.onClose);
    }
    return this.controller.signal;
  }

  /** Aborts the handler's signal, if it asked for one. */
  abort(reason: string): void {
    this.controller?.abort(new ServiceError("CANCELLED", reason));
  }

  /** Stops listening to the socket, which outlives the call. */
  release(): void {
    if (this.onClose !== undefined) this.request.raw.socket.off("close", this.onClose);
  }
}
