import { ServiceError } from "../errors/index.js";

/**
 * The server was not reached, or the connection broke. A caller sees a ServiceError UNAVAILABLE;
 * inside the client, `wasNeverSent` decides whether any call may be repeated.
 */
export class ConnectionError extends ServiceError {
  constructor(
    message: string,
    /** No byte of the request can have reached a server. */
    readonly wasNeverSent: boolean,
    options?: { cause?: unknown },
  ) {
    super("UNAVAILABLE", message, options);
  }
}

/** Codes of failures before a connection existed: refused, no such host or socket, timed out. */
const NEVER_SENT: ReadonlySet<unknown> = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "ENOENT",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
]);

/** The error of a failed exchange with `target`. */
export function connectionError(target: string, error: Error): ConnectionError {
  const wasNeverSent = NEVER_SENT.has((error as NodeJS.ErrnoException).code);
  const what = wasNeverSent ? "cannot reach" : "lost the connection to";
  return new ConnectionError(`${what} ${target}: ${textOf(error)}`, wasNeverSent, {
    cause: error,
  });
}

/** An AggregateError (several addresses tried) has no text of its own. */
function textOf(error: Error): string {
  if (error instanceof AggregateError) {
    return error.errors.map((each: unknown) => (each as Error).message).join("; ");
  }
  return error.message;
}
