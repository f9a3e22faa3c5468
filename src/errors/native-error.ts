/** Codes of failures below JavaScript; those with FFI in them are those of `node:ffi`. */
export type NativeErrorCode =
  | "ERR_FFI_CALL_FAILED" // a library or symbol was not found
  | "ERR_FFI_LIBRARY_CLOSED"
  | "ERR_FFI_INVALID_POINTER"
  | "ERR_FFI_FREED_MEMORY" // of an allocation that was freed
  | "ERR_STRING_TOO_LONG" // text of C's that no string holds; Node's own code
  | "ERR_NATIVE_UNAVAILABLE" // no native binary is loaded here
  | "ERR_ACCESS_DENIED" // by Node's permission model, or by allowLibraries
  | "ERR_CRYPTO_FAILED"
  | "ERR_ISOLATE_ENDED" // the helper process died while a call was pending
  | "ERR_ISOLATE_TIMEOUT" // a call in a helper process took too long
  | "ERR_ISOLATE_MEMORY" // no room in the memory shared with a helper process
  | "ERR_ISOLATE_UNAVAILABLE"; // no helper process can be started, or not yet again

/** A failure of the native side, or its absence. */
export class NativeError extends Error {
  readonly code: NativeErrorCode;

  constructor(code: NativeErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = "NativeError";
    this.code = code;
  }
}

/** What this process may not use, with the properties of Node's own error of that code. */
export class AccessDeniedError extends NativeError {
  /** Node's name of the permission (`FFI`, `FileSystemRead`), or `allowLibraries`. */
  readonly permission: string;
  /** What was to be used: a library's path, or empty. */
  readonly resource: string;

  constructor(message: string, permission: string, resource: string) {
    super("ERR_ACCESS_DENIED", message);
    this.permission = permission;
    this.resource = resource;
  }
}
