import type { CType, EnumType, ScalarType } from "./ctype.js";
import { refuseValue } from "./expected.js";
import { readExtended, writeExtended } from "./extended.js";
import { isNarrow, type Narrow } from "./narrow.js";
import type { Piece } from "./piece.js";
import { pointerPiece, textPiece } from "./pointer-values.js";
import { joinSize } from "./size.js";
import { concreteType, longIsWide } from "./types.js";

/*
 * Scalars by closures: for processes that forbid code generation, and the reference for the
 * generated code, which inlines the same checks. `type` is the one that messages name.
 */

export function scalarPiece(type: ScalarType | EnumType): Piece {
  const value = concreteType(type.value);
  switch (value) {
    case "bool":
      return boolPiece(type);
    case "flag":
      return flagPiece(type);
    case "int8":
    case "uint8":
    case "int16":
    case "uint16":
    case "int32":
    case "uint32":
      return narrowPiece(type, value);
    case "int64":
    case "uint64":
      return widePiece(type, value);
    case "long":
      return longIsWide ? widePiece(type, "int64") : narrowLongPiece(type, "int32");
    case "ulong":
      return longIsWide ? widePiece(type, "uint64") : narrowLongPiece(type, "uint32");
    case "size":
      return sizePiece(type);
    case "float32":
    case "float64":
    case "extended":
      return floatPiece(type, value);
    case "pointer":
      return pointerPiece(type);
    case "text":
    case "nullableText":
      return textPiece(type, "utf8");
    case "text16":
      return textPiece(type, "utf16");
    case "text32":
      return textPiece(type, "utf32");
    case "void":
      throw new Error("void has no values");
  }
}

/** The DataView methods of scalars, without `get` and `set`. */
export const ACCESSORS = {
  bool: "Uint8",
  flag: "Uint8",
  int8: "Int8",
  uint8: "Uint8",
  int16: "Int16",
  uint16: "Uint16",
  int32: "Int32",
  uint32: "Uint32",
  int64: "BigInt64",
  uint64: "BigUint64",
  float32: "Float32",
  float64: "Float64",
} as const;

function boolPiece(type: CType): Piece {
  return {
    read: (memory, at) => memory.getUint8(at) !== 0,
    write(memory, at, value, context, path) {
      if (typeof value !== "boolean") refuseValue(context, path, type, value);
      memory.setUint8(at, value ? 1 : 0);
    },
  };
}

function flagPiece(type: CType): Piece {
  return {
    read: (memory, at) => memory.getUint8(at),
    write(memory, at, value, context, path) {
      if (typeof value !== "boolean" && !isNarrow(value, "uint8")) {
        refuseValue(context, path, type, value);
      }
      memory.setUint8(at, Number(value));
    },
  };
}

function narrowPiece(type: CType, value: Narrow): Piece {
  const get = `get${ACCESSORS[value]}` as const;
  const set = `set${ACCESSORS[value]}` as const;
  return {
    read: (memory, at) => memory[get](at, true),
    write(memory, at, given, context, path) {
      if (!isNarrow(given, value)) refuseValue(context, path, type, given);
      memory[set](at, given, true);
    },
  };
}

/** Microsoft's `long`: four bytes, a bigint all the same. */
function narrowLongPiece(type: CType, value: "int32" | "uint32"): Piece {
  const isSigned = value === "int32";
  const wrap = isSigned ? BigInt.asIntN : BigInt.asUintN;
  return {
    read: (memory, at) => BigInt(isSigned ? memory.getInt32(at, true) : memory.getUint32(at, true)),
    write(memory, at, given, context, path) {
      const fits = typeof given === "bigint" ? wrap(32, given) === given : isNarrow(given, value);
      if (!fits) refuseValue(context, path, type, given);
      memory.setInt32(at, Number(given), true);
    },
  };
}

function widePiece(type: CType, value: "int64" | "uint64"): Piece {
  const isSigned = value === "int64";
  const wrap = isSigned ? BigInt.asIntN : BigInt.asUintN;
  return {
    read: (memory, at) => (isSigned ? memory.getBigInt64(at, true) : memory.getBigUint64(at, true)),
    write(memory, at, given, context, path) {
      if (typeof given === "bigint") {
        if (wrap(64, given) !== given) refuseValue(context, path, type, given);
        memory.setBigInt64(at, given, true);
      } else if (isSafe(given) && (isSigned || given >= 0)) {
        writeSafe(memory, at, given);
      } else {
        refuseValue(context, path, type, given);
      }
    },
  };
}

function sizePiece(type: CType): Piece {
  return {
    read: readSize,
    write(memory, at, value, context, path) {
      if (!isSafe(value) || value < 0) refuseValue(context, path, type, value);
      writeSafe(memory, at, value);
    },
  };
}

function floatPiece(type: CType, value: "float32" | "float64" | "extended"): Piece {
  const write = FLOAT_WRITERS[value];
  return {
    read: FLOAT_READERS[value],
    write(memory, at, given, context, path) {
      if (typeof given !== "number") refuseValue(context, path, type, given);
      write(memory, at, given);
    },
  };
}

const FLOAT_READERS = {
  float32: (memory: DataView, at: number) => memory.getFloat32(at, true),
  float64: (memory: DataView, at: number) => memory.getFloat64(at, true),
  extended: readExtended,
};
const FLOAT_WRITERS = {
  float32: (memory: DataView, at: number, value: number) => memory.setFloat32(at, value, true),
  float64: (memory: DataView, at: number, value: number) => memory.setFloat64(at, value, true),
  extended: writeExtended,
};

function isSafe(value: unknown): value is number {
  return Number.isSafeInteger(value);
}

/** A safe integer as two halves: ToUint32 keeps the low one of a negative number too. */
function writeSafe(memory: DataView, at: number, value: number): void {
  memory.setUint32(at, value, true);
  memory.setInt32(at + 4, Math.floor(value / 0x1_0000_0000), true);
}

export function readSize(memory: DataView, at: number): number {
  return joinSize(memory.getUint32(at, true), memory.getUint32(at + 4, true));
}
