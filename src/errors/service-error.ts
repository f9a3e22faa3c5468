import { describeValue } from "./argument-error.js";
import { isServiceCode, SERVICE_CODES, type ServiceCode } from "./codes.js";

export interface ServiceErrorOptions {
  readonly cause?: unknown;
  /** When the call may be tried again, where the server says so. Whole milliseconds. */
  readonly retryAfterMs?: number;
}

/** A failed service call, whichever way it went. `code` is one of the 17 standard codes. */
export class ServiceError extends Error {
  readonly code: ServiceCode;
  /**
   * How long the server asks to wait before the call is tried again, in milliseconds. Thrown by a
   * handler, it goes to the caller as `retry-after`.
   */
  declare readonly retryAfterMs?: number;

  constructor(code: ServiceCode, message: string, options?: ServiceErrorOptions) {
    super(message, options);
    if (!isServiceCode(code) || code === "OK") throw badCode(code);
    this.name = "ServiceError";
    this.code = code;
    if (options?.retryAfterMs !== undefined) this.retryAfterMs = options.retryAfterMs;
  }
}

/**
 * Sent on, it would be an error that no caller understands, or none at all. No ArgumentError: those
 * of a handler's are told to its caller.
 */
function badCode(code: unknown): TypeError {
  const known = Object.keys(SERVICE_CODES).filter((name) => name !== "OK");
  const got = typeof code === "string" ? JSON.stringify(code) : describeValue(code);
  return new TypeError(`code of a ServiceError must be one of ${known.join(", ")}, got ${got}`);
}
