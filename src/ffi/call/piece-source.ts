import type { Piece, Placement } from "./placement.js";

/*
 * Copies between a value in scratch space, at the byte offset in the variable `base` (a multiple of
 * eight), and the slots of the frame it is made of. pieces.ts is the twin.
 */

/** Longer runs are copied in one go. */
const MAX_WORDS = 16;

/** From scratch space to the slots. */
export function spreadSource(base: string, { pieces }: Placement): string {
  return pieces.map((piece) => copySource(piece, base, true)).join(" ");
}

/** From the slots to scratch space. */
export function gatherSource(base: string, { pieces }: Placement): string {
  return pieces.map((piece) => copySource(piece, base, false)).join(" ");
}

function copySource({ from, size, offset }: Piece, base: string, toSlots: boolean): string {
  const isAligned = offset % 4 === 0 && from % 4 === 0;
  const words = isAligned ? size >> 2 : 0;
  if (words > MAX_WORDS) {
    const start = `${base} + ${from}`;
    return toSlots
      ? `u8.copyWithin(${offset}, ${start}, ${start} + ${size});`
      : `u8.copyWithin(${start}, ${offset}, ${offset + size});`;
  }
  const lines: string[] = [];
  const copy = (slot: string, memory: string) =>
    lines.push(toSlots ? `${slot} = ${memory};` : `${memory} = ${slot};`);
  for (let word = 0; word < words; word++) {
    copy(`i32[${(offset >> 2) + word}]`, `i32[(${base} >> 2) + ${(from >> 2) + word}]`);
  }
  for (let byte = words * 4; byte < size; byte++) {
    copy(`u8[${offset + byte}]`, `u8[${base} + ${from + byte}]`);
  }
  return lines.join(" ");
}
