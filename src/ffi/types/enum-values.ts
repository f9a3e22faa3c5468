import type { EnumType } from "./ctype.js";
import { refuseValue } from "./expected.js";
import type { Piece } from "./piece.js";

/** An enumeration over the piece of its base type, to which a name stands for its value. */
export function enumPiece(type: EnumType, base: Piece): Piece {
  const { members } = type;
  return {
    read: base.read,
    write(memory, at, value, context, path) {
      const number = typeof value === "string" ? members[value] : value;
      if (number === undefined) refuseValue(context, path, type, value);
      base.write(memory, at, number, context, path);
    },
  };
}
