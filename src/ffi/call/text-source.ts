import type { Engine } from "./engine.js";
import { requireEngine } from "./engine.js";

/**
 * Whose memory the addresses in some buffer are of: those of a helper process mean nothing here, and
 * following one would end this process. All other buffers have addresses of this one.
 */
const readers = new WeakMap<ArrayBufferLike, Engine["readText"]>();
let isEmpty = true;

/** The text at addresses that are read from the buffer is to be read so. */
export function readTextsBy(buffer: ArrayBufferLike, readText: Engine["readText"]): void {
  readers.set(buffer, readText);
  isEmpty = false;
}

/** A copy of memory has addresses of the same process. */
export function inheritTexts(copy: ArrayBufferLike, original: ArrayBufferLike): void {
  if (isEmpty) return;
  const readText = readers.get(original);
  if (readText !== undefined) readers.set(copy, readText);
}

/** How to read text at an address that was found in the buffer. */
export function textReaderOf(buffer: ArrayBufferLike): Engine["readText"] {
  return (isEmpty ? undefined : readers.get(buffer)) ?? requireEngine().readText;
}
