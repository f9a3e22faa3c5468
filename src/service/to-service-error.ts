import type { ServiceCode } from "../errors/index.js";
import {
  ArgumentError,
  CallArgumentError,
  NativeError,
  type NativeErrorCode,
  ServiceError,
} from "../errors/index.js";

const CODES = {
  ERR_FFI_CALL_FAILED: "UNAVAILABLE",
  ERR_FFI_LIBRARY_CLOSED: "INTERNAL",
  ERR_FFI_INVALID_POINTER: "INTERNAL",
  ERR_FFI_FREED_MEMORY: "INTERNAL",
  ERR_STRING_TOO_LONG: "OUT_OF_RANGE",
  ERR_NATIVE_UNAVAILABLE: "UNAVAILABLE",
  ERR_ACCESS_DENIED: "PERMISSION_DENIED",
  ERR_ISOLATE_ENDED: "UNAVAILABLE",
  ERR_ISOLATE_TIMEOUT: "DEADLINE_EXCEEDED",
  ERR_ISOLATE_MEMORY: "RESOURCE_EXHAUSTED",
  ERR_ISOLATE_UNAVAILABLE: "UNAVAILABLE",
  ERR_CRYPTO_FAILED: "INTERNAL",
} as const satisfies Record<NativeErrorCode, ServiceCode>;

/**
 * The error of a failed call, the same near and far: our own errors keep their text, which never
 * holds contents of strings or buffers; of any other only the cause is kept, for whoever logs it.
 */
export function toServiceError(error: unknown, label: string): ServiceError {
  if (error instanceof ServiceError) return error;
  if (error instanceof ArgumentError) {
    // The method is named where the error goes; the C function behind it is not the caller's
    // matter.
    const message = error instanceof CallArgumentError ? error.problem : error.message;
    return new ServiceError("INVALID_ARGUMENT", message, { cause: error });
  }
  if (error instanceof NativeError) {
    return new ServiceError(CODES[error.code], error.message, { cause: error });
  }
  return new ServiceError("INTERNAL", `${label} failed`, { cause: error });
}
