import { ServiceError } from "../errors/index.js";

/** The body of a method that has no portable implementation. */
export function nativeOnly(): never {
  throw new ServiceError(
    "UNIMPLEMENTED",
    "this method has a native implementation only, and the native library is not available here",
  );
}
