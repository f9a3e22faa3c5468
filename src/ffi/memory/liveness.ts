import { NativeError } from "../../errors/index.js";
import { loadNative } from "../../internal/loader.js";

/** Newer than Node 20: moves the memory to another buffer, which nobody keeps. */
type Transferable = ArrayBuffer & { transfer?(newLength: number): ArrayBuffer };

/**
 * Takes the memory from a buffer, so that every view of it is dead at once. V8's own memory is
 * freed by it; memory that is only looked at stays.
 */
export function detach(buffer: ArrayBuffer): void {
  const { binding } = loadNative();
  if (binding !== undefined) binding.detach(buffer);
  else if ("transfer" in buffer) (buffer as Transferable).transfer?.(0);
  else structuredClone(buffer, { transfer: [buffer] });
}

/** Throws unless the memory of a view is still there. */
export function requireAttached(view: ArrayBufferView): void {
  try {
    // A view of no bytes may be detached or empty: only a new one on its buffer tells.
    if (view.byteLength > 0 || new Uint8Array(view.buffer).byteLength >= 0) return;
  } catch {
    throw freedMemory();
  }
}

export function freedMemory(): NativeError {
  return new NativeError("ERR_FFI_FREED_MEMORY", "the memory was freed");
}
