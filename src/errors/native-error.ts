/** Codes of failures below JavaScript; those with FFI in them are those of `node:ffi`. */
export type NativeErrorCode =
  | "ERR_FFI_CALL_FAILED" // a library or symbol was not found
  | "ERR_FFI_LIBRARY_CLOSED"
  | "ERR_FFI_INVALID_POINTER"
  | "ERR_NATIVE_UNAVAILABLE" // no native binary is loaded here
  | "ERR_CRYPTO_FAILED";

/** A failure of the native side, or its absence. */
export class NativeError extends Error {
  readonly code: NativeErrorCode;

  constructor(code: NativeErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = "NativeError";
    this.code = code;
  }
}
