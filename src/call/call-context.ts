import { ServiceError } from "../errors/index.js";

/** Who calls, as the server's `identify` found out. */
export interface Caller {
  /** Calls with the same id are calls of the same caller. */
  readonly id: string;
  readonly attributes?: Readonly<Record<string, unknown>>;
}

export type Metadata = Readonly<Record<string, string | string[] | undefined>>;

/** What a handler can learn about the call it answers. */
export interface CallContext {
  readonly service: string;
  readonly method: string;
  /** How long the caller waits, if it said so. */
  readonly timeoutMs: number | undefined;
  /** How much of that is left, at least 0. */
  readonly remainingMs: number | undefined;
  /** What the caller sent along; names in lower case. */
  readonly headers: Metadata;
  /**
   * Of a resumable method whose caller has had items already: the number of the last one. The
   * handler goes on with the next.
   */
  readonly resumeAfter: number | undefined;
  /** Undefined where nobody identified the caller. */
  readonly caller: Caller | undefined;
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
  const outer = current;
  current = context;
  try {
    return run();
  } finally {
    current = outer;
  }
}
