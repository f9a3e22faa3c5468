/** `size` bytes of a value, from byte `from` of it, lie at byte `offset` of the frame. */
export interface Piece {
  readonly from: number;
  readonly size: number;
  readonly offset: number;
}

/** Where one value of a call lies. By reference, its one piece is a pointer to the value. */
export interface Placement {
  readonly byReference: boolean;
  readonly pieces: readonly Piece[];
}

/** Reads the `slots` of a layout: the result's placement first, then each argument's. */
export function decodeSlots(slots: readonly number[]): Placement[] {
  const placements: Placement[] = [];
  for (let at = 0; at < slots.length; ) {
    const count = numberAt(slots, at++);
    const byReference = numberAt(slots, at++) === 1;
    const pieces: Piece[] = [];
    for (let index = 0; index < count; index++, at += 3) {
      appendPiece(pieces, {
        from: numberAt(slots, at),
        size: numberAt(slots, at + 1),
        offset: numberAt(slots, at + 2),
      });
    }
    placements.push({ byReference, pieces });
  }
  return placements;
}

/** Pieces that follow each other in the value and in the frame are one: two registers in a row. */
function appendPiece(pieces: Piece[], piece: Piece): void {
  const last = pieces.at(-1);
  const follows =
    last !== undefined &&
    last.from + last.size === piece.from &&
    last.offset + last.size === piece.offset;
  if (follows) pieces[pieces.length - 1] = { ...last, size: last.size + piece.size };
  else pieces.push(piece);
}

function numberAt(slots: readonly number[], index: number): number {
  const value = slots[index];
  if (value === undefined) throw new Error("a layout ends too early");
  return value;
}
