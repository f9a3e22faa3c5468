import { ServiceError, type ServiceErrorOptions } from "../errors/index.js";
import { connectionAdvice } from "./connection-advice.js";

/**
 * The server was not reached, or the connection broke. A caller sees a ServiceError UNAVAILABLE;
 * inside the client, `wasNeverSent` decides whether any call may be repeated.
 */
export class ConnectionError extends ServiceError {
  constructor(
    message: string,
    /** No byte of the request can have reached a server. */
    readonly wasNeverSent: boolean,
    options?: ServiceErrorOptions,
  ) {
    super("UNAVAILABLE", message, options);
  }
}

/** A deadline that passed without a sign of life from the server. */
export class SilenceError extends ServiceError {
  constructor(readonly waitedMs: number) {
    super("DEADLINE_EXCEEDED", `no answer within ${waitedMs} ms`);
  }
}

/** The error of a failed exchange with `target`. */
export function connectionError(target: string, error: Error): ConnectionError {
  const { wasNeverSent, advice } = connectionAdvice(error);
  const what = wasNeverSent ? "cannot reach" : "lost the connection to";
  const text = `${what} ${target}: ${textOf(error)}`;
  const message = advice === undefined ? text : `${text}; ${advice}`;
  return new ConnectionError(message, wasNeverSent, { cause: error });
}

/**
 * An AggregateError (several addresses tried) has no text of its own; OpenSSL's has lines of places
 * in its sources, and the reason in a property.
 */
function textOf(error: Error): string {
  if (error instanceof AggregateError) {
    return error.errors.map((each: unknown) => textOf(each as Error)).join("; ");
  }
  const { reason } = error as { reason?: unknown };
  return typeof reason === "string" && "library" in error ? reason : error.message;
}
