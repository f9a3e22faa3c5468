import { setImmediate } from "node:timers/promises";
import { type Input, isDetached, type View } from "./data.js";

/**
 * What asynchronous signing reads is a copy that nobody else has: the caller's buffer may be
 * detached at any time, and its memory be gone. Copying 1 MiB takes 0.1 ms; between two such pieces
 * the event loop has its turn.
 */
export const PIECE_BYTES = 1 << 20;

/** UTF-8 takes at most 3 bytes for a UTF-16 unit. */
const PIECE_UNITS = Math.floor(PIECE_BYTES / 3);

/** Whether the data can be copied without the event loop having a turn. */
export function isShort(data: Input): boolean {
  return typeof data === "string" ? data.length <= PIECE_UNITS : data.byteLength <= PIECE_BYTES;
}

/** At least as many bytes as the data has. */
export function boundOf(data: Input): number {
  return typeof data === "string" ? data.length * 3 : data.byteLength;
}

/** Copies of short data, in one piece of memory. */
export function copyAll(all: readonly Input[]): View[] {
  const sizes = all.map((data) =>
    typeof data === "string" ? Buffer.byteLength(data) : data.byteLength,
  );
  const memory = Buffer.allocUnsafeSlow(sizes.reduce((sum, size) => sum + size, 0));
  let offset = 0;
  return all.map((data, index) => {
    const copy = memory.subarray(offset, offset + (sizes[index] ?? 0));
    offset += copy.length;
    if (typeof data === "string") copy.write(data, "utf8");
    else copy.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    return copy;
  });
}

/** A copy of long data. Undefined if its buffer is detached, or shrinks, meanwhile. */
export function copyLong(data: Input): Promise<View | undefined> {
  return typeof data === "string" ? encodeLong(data) : copyLongView(data);
}

async function copyLongView(view: View): Promise<View | undefined> {
  const size = view.byteLength;
  const copy = Buffer.allocUnsafeSlow(size);
  for (let offset = 0; offset < size; offset += PIECE_BYTES) {
    if (offset > 0) await setImmediate();
    if (isDetached(view) || view.byteLength < size) return undefined;
    const length = Math.min(PIECE_BYTES, size - offset);
    copy.set(new Uint8Array(view.buffer, view.byteOffset + offset, length), offset);
  }
  return copy;
}

async function encodeLong(text: string): Promise<View> {
  let size = 0;
  for (const piece of piecesOf(text)) {
    size += Buffer.byteLength(piece);
    await setImmediate();
  }
  const copy = Buffer.allocUnsafeSlow(size);
  let offset = 0;
  for (const piece of piecesOf(text)) {
    offset += copy.write(piece, offset, "utf8");
    await setImmediate();
  }
  return copy;
}

/** Pieces of a text that do not cut a surrogate pair in two. */
function* piecesOf(text: string): Generator<string> {
  for (let start = 0; start < text.length; ) {
    let end = Math.min(start + PIECE_UNITS, text.length);
    const last = text.charCodeAt(end - 1);
    if (end < text.length && last >= 0xd800 && last <= 0xdbff) end--;
    yield text.slice(start, end);
    start = end;
  }
}
