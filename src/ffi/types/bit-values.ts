import type { BitRange } from "./ctype.js";

/*
 * Bit-fields, byte by byte: no byte is touched that the field does not lie in, and in a packed
 * struct a field may lie across what would be its unit.
 */

/** The bits of the field as an unsigned integer. */
export function readBits(memory: DataView, at: number, { start, width }: BitRange): bigint {
  const first = Math.floor(start / 8);
  const last = Math.floor((start + width - 1) / 8);
  let word = 0n;
  for (let byte = last; byte >= first; byte--) {
    word = (word << 8n) | BigInt(memory.getUint8(at + byte));
  }
  return BigInt.asUintN(width, word >> BigInt(start - first * 8));
}

/** Writes the lowest `width` bits of an integer and leaves the bits beside them. */
export function writeBits(
  memory: DataView,
  at: number,
  { start, width }: BitRange,
  value: bigint,
): void {
  const first = Math.floor(start / 8);
  const last = Math.floor((start + width - 1) / 8);
  const shift = BigInt(start - first * 8);
  let word = BigInt.asUintN(width, value) << shift;
  let mask = ((1n << BigInt(width)) - 1n) << shift;
  for (let byte = first; byte <= last; byte++) {
    const kept = memory.getUint8(at + byte) & ~Number(mask & 0xffn);
    memory.setUint8(at + byte, kept | Number(word & 0xffn));
    word >>= 8n;
    mask >>= 8n;
  }
}

/** As `readBits`, for fields that end within 48 bits: a double computes with those exactly. */
export function readSmallBits(memory: DataView, at: number, { start, width }: BitRange): number {
  const first = Math.floor(start / 8);
  const last = Math.floor((start + width - 1) / 8);
  let word = 0;
  for (let byte = last; byte >= first; byte--) word = word * 256 + memory.getUint8(at + byte);
  return Math.floor(word / 2 ** (start - first * 8)) % 2 ** width;
}
