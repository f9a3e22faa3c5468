import { readBits, readSmallBits, writeBits } from "./bit-values.js";
import type { BitRange, EnumType, ScalarType } from "./ctype.js";
import type { Piece } from "./piece.js";
import { concreteType, NATIVE_TYPES } from "./types.js";

/** Room for one integer of any type, to check and convert it by the piece of its type. */
const cell = new DataView(new ArrayBuffer(8));

/** Fields that end within so many bits of their first byte are read without a bigint. */
const SMALL_BITS = 48;

/** A bit-field: an integer of its type that fits its width. `whole` is the piece of the type. */
export function bitPiece(type: ScalarType | EnumType, bits: BitRange, whole: Piece): Piece {
  const { width, start } = bits;
  const isSigned = NATIVE_TYPES[concreteType(type.value)].startsWith("int");
  const isSmall = type.size <= 4 && (start % 8) + width <= SMALL_BITS;
  const wrap = isSigned ? BigInt.asIntN : BigInt.asUintN;
  const expected = rangeWords(width, isSigned);
  const least = isSigned ? -(2 ** (width - 1)) : 0;
  return {
    read(memory, at) {
      if (isSmall && type.value !== "bool" && type.value !== "long" && type.value !== "ulong") {
        const unsigned = readSmallBits(memory, at, bits);
        return isSigned && unsigned >= -least ? unsigned - 2 ** width : unsigned;
      }
      cell.setBigInt64(0, wrap(width, readBits(memory, at, bits)), true);
      return whole.read(cell, 0);
    },
    write(memory, at, value, context, path) {
      cell.setBigInt64(0, 0n);
      whole.write(cell, 0, value, context, path);
      const bitsOfType = type.size * 8;
      const wide = wrap(bitsOfType, cell.getBigInt64(0, true));
      if (wrap(width, wide) !== wide) context.refuse(path, expected, value);
      writeBits(memory, at, bits, wide);
    },
  };
}

function rangeWords(width: number, isSigned: boolean): string {
  const least = isSigned ? -(2n ** BigInt(width - 1)) : 0n;
  const most = 2n ** BigInt(isSigned ? width - 1 : width) - 1n;
  return `an integer from ${least} to ${most} (${width} ${width === 1 ? "bit" : "bits"})`;
}
