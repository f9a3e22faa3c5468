import type { Engine } from "./engine.js";
import { requireEngine } from "./engine.js";

/*
 * Whose memory the addresses in some memory are of: those of a helper process mean nothing here,
 * and following one would end this process. All other memory has addresses of this one.
 */

type ReadText = Engine["readText"];

/** Bytes of a buffer with addresses of one process. */
interface Region {
  readonly start: number;
  readonly end: number;
  readonly readText: ReadText;
}

type Bytes = ArrayBufferLike | ArrayBufferView;

/** Of one buffer: with more, all of it is taken for the last one's. */
const MAX_REGIONS = 64;

/** The newest first. */
const regions = new WeakMap<ArrayBufferLike, readonly Region[]>();
let isEmpty = true;

/** The text at addresses that are read from this memory is to be read so. */
export function readTextsBy(memory: Bytes, readText: ReadText): void {
  const { buffer, start, end } = extentOf(memory);
  const known = regions.get(buffer) ?? [];
  const [newest] = known;
  if (newest?.readText === readText && newest.start <= start && newest.end >= end) return;
  const others = known.filter((region) => region.start < start || region.end > end);
  const isWhole = others.length >= MAX_REGIONS;
  const region = isWhole
    ? { start: 0, end: buffer.byteLength, readText }
    : { start, end, readText };
  regions.set(buffer, isWhole ? [region] : [region, ...others]);
  isEmpty = false;
}

/** A copy of memory has addresses of the same process. */
export function inheritTexts(copy: ArrayBufferLike, original: DataView, at: number): void {
  if (isEmpty) return;
  const region = regionAt(original, at);
  if (region !== undefined) readTextsBy(copy, region.readText);
}

/** How to read text at an address that was found there. */
export function textReaderOf(memory: DataView, at: number): ReadText {
  return (isEmpty ? undefined : regionAt(memory, at)?.readText) ?? requireEngine().readText;
}

function regionAt({ buffer, byteOffset }: DataView, at: number): Region | undefined {
  const offset = byteOffset + at;
  return regions.get(buffer)?.find(({ start, end }) => start <= offset && offset < end);
}

function extentOf(memory: Bytes) {
  const { byteLength } = memory;
  if (!ArrayBuffer.isView(memory)) return { buffer: memory, start: 0, end: byteLength };
  const { buffer, byteOffset } = memory;
  return { buffer, start: byteOffset, end: byteOffset + byteLength };
}
