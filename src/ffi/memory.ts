import { ArgumentError, describeValue, EXPECTATIONS, NativeError } from "../errors/index.js";
import { requireEngine } from "./engine.js";
import type { Memory } from "./value-types.js";

/**
 * The NUL-terminated UTF-8 text at an address; null for the null pointer. The address is not and
 * cannot be checked: a wrong one reads other memory or ends the process.
 */
export function readString(pointer: bigint): string | null {
  if (typeof pointer !== "bigint") {
    throw new ArgumentError(
      `pointer must be a bigint, got ${describeValue(pointer)}`,
      "ERR_INVALID_ARG_TYPE",
    );
  }
  return requireEngine().readText(pointer);
}

/**
 * The address of a buffer's memory. It stays valid while the buffer is reachable and neither
 * detached nor resized; keeping it reachable is the caller's duty.
 */
export function getRawPointer(source: Memory): bigint {
  const engine = requireEngine();
  const view = ArrayBuffer.isView(source) ? source : engine.viewOf(source);
  const address = view && engine.addressOf(view);
  if (address !== undefined) return address;
  const isBuffer = source instanceof ArrayBuffer || ArrayBuffer.isView(source);
  throw isBuffer
    ? new NativeError("ERR_FFI_CALL_FAILED", "source is a detached buffer")
    : new ArgumentError(
        `source must be ${EXPECTATIONS.bytes}, got ${describeValue(source)}`,
        "ERR_INVALID_ARG_TYPE",
      );
}
