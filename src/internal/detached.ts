import { isDataView } from "node:util/types";

/** Whether a view has lost its memory: detached, or outside of a buffer that has shrunk. */
export function isDetachedView(view: ArrayBufferView): boolean {
  try {
    // Both throw for such a view (ECMA-262: GetViewByteLength, ValidateTypedArray).
    if (isDataView(view)) void view.byteLength;
    else Uint8Array.prototype.keys.call(view);
    return false;
  } catch {
    return true;
  }
}
