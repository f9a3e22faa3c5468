/** Up to here a loop beats making two typed arrays. */
const LOOP_BYTES = 64;

/** Copies bytes between views, from offset to offset; nothing is converted. */
export function copyBytes(
  from: ArrayBufferView,
  fromAt: number,
  to: DataView,
  toAt: number,
  size: number,
): void {
  if (size <= LOOP_BYTES && from instanceof DataView) {
    let index = 0;
    for (; index + 4 <= size; index += 4) {
      to.setInt32(toAt + index, from.getInt32(fromAt + index));
    }
    for (; index < size; index++) to.setInt8(toAt + index, from.getInt8(fromAt + index));
    return;
  }
  new Uint8Array(to.buffer, to.byteOffset + toAt, size).set(
    new Uint8Array(from.buffer, from.byteOffset + fromAt, size),
  );
}
