import { alignMember, realign } from "../types/aggregate.js";
import type { CType } from "../types/ctype.js";
import { scalarType } from "../types/scalar.js";
import { varyType } from "../types/type-object.js";
import { NATIVE_TYPES, type ValueType } from "../types/types.js";
import type { Attributes } from "./attributes.js";
import { isUsable, lowerObject } from "./lower.js";
import { asConst, baseShape, isConst, type Shape, unsupportedShape } from "./shape.js";

/** A declared type as its attributes change it; they may make a type nothing here can pass. */
export function adjust(shape: Shape, { mode, unsupported }: Attributes): Shape {
  if (unsupported !== undefined) return unsupportedShape(unsupported, "are not supported");
  if (mode === undefined) return shape;
  const value = modeValue(shape, mode);
  if (value === undefined) return unsupportedShape(`mode(${mode})`);
  const made = baseShape(scalarType(value));
  return isConst(shape) ? asConst(made) : made;
}

/**
 * A typedef's type with its own alignment, which may also be less than the type's, and does not
 * change the size (GCC manual, "Common Type Attributes").
 */
export function realignTypedef(shape: Shape, alignment: number | undefined): Shape {
  if (alignment === undefined || !isUsable(shape)) return shape;
  const type = lowerObject(shape);
  if (type.alignment === alignment) return shape;
  if (alignment > type.alignment && type.size % alignment === 0) {
    return baseShape(realign(type, alignment));
  }
  return baseShape(withAlignment(type, alignment));
}

/** The type of a member: `packed` lowers its own alignment, `aligned` raises it. */
export function realignMember(type: CType, { isPacked, alignment }: Attributes): CType {
  if (alignment === undefined) {
    return isPacked && type.alignment > 1 ? withAlignment(type, 1) : type;
  }
  return alignMember(type, alignment, isPacked);
}

function withAlignment(type: CType, alignment: number): CType {
  return varyType(type, { key: `${type.key}@${alignment}`, alignment });
}

/** GNU C's machine modes (GCC manual, "Common Variable Attributes"). */
function modeValue(shape: Shape, mode: string): ValueType | undefined {
  if (mode === "SF") return "float32";
  if (mode === "DF") return "float64";
  const bits = MODE_BITS[mode];
  if (bits === undefined) return undefined;
  const isUnsigned =
    shape.kind === "base" &&
    shape.type.kind === "scalar" &&
    NATIVE_TYPES[shape.type.value].startsWith("u");
  return isUnsigned ? `uint${bits}` : `int${bits}`;
}

const MODE_BITS: Readonly<Record<string, 8 | 16 | 32 | 64 | undefined>> = Object.freeze({
  __proto__: null,
  QI: 8,
  byte: 8,
  HI: 16,
  SI: 32,
  DI: 64,
  word: 64,
  pointer: 64,
  unwind_word: 64,
} as unknown as Record<string, 8 | 16 | 32 | 64>);
