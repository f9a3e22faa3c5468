const typedArray: object = Object.getPrototypeOf(Uint8Array.prototype);
const tagOf = getter<string | undefined>(typedArray, Symbol.toStringTag);
const bytesOfDataView = getter<number>(DataView.prototype, "byteLength");
const keysOf = uncurry<Iterator<number>>(Uint8Array.prototype.keys);

/**
 * Whether a view has lost its memory: detached, or outside of a buffer that has shrunk. No code of
 * the view's own runs, whatever properties it has.
 */
export function isDetachedView(view: ArrayBufferView): boolean {
  const isTypedArray = tagOf(view) !== undefined;
  // Most have a first element, which is read in a tenth of the time of what follows.
  if (isTypedArray && (view as Uint8Array)[0] !== undefined) return false;
  try {
    // Both throw for such a view (ECMA-262: GetViewByteLength, ValidateTypedArray).
    if (isTypedArray) keysOf(view);
    else bytesOfDataView(view);
    return false;
  } catch {
    return true;
  }
}

function getter<T>(owner: object, name: PropertyKey): (value: object) => T {
  return uncurry<T>(Object.getOwnPropertyDescriptor(owner, name)?.get as () => T);
}

function uncurry<T>(method: () => T): (value: object) => T {
  return Function.prototype.call.bind(method) as (value: object) => T;
}
