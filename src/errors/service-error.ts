import type { ServiceCode } from "./codes.js";

/** A failed service call, whichever way it went. `code` is one of the 17 standard codes. */
export class ServiceError extends Error {
  readonly code: ServiceCode;

  constructor(code: ServiceCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = "ServiceError";
    this.code = code;
  }
}
