import type { ServiceCode } from "./codes.js";

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
    this.name = "ServiceError";
    this.code = code;
    if (options?.retryAfterMs !== undefined) this.retryAfterMs = options.retryAfterMs;
  }
}
