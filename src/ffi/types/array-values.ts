import { isTypedArray } from "node:util/types";
import { copyBytes } from "./copy-bytes.js";
import type { ArrayType, CType, WriteContext } from "./ctype.js";
import { refuseValue } from "./expected.js";
import { concreteType, NATIVE_TYPES } from "./types.js";
import { dataOf, isViewOf } from "./view.js";

/** The class names of typed arrays by the native type of their elements. */
const CLASSES: Readonly<Record<string, readonly string[]>> = {
  int8: ["Int8Array"],
  uint8: ["Uint8Array", "Uint8ClampedArray"],
  int16: ["Int16Array"],
  uint16: ["Uint16Array"],
  int32: ["Int32Array"],
  uint32: ["Uint32Array"],
  int64: ["BigInt64Array"],
  uint64: ["BigUint64Array"],
  float32: ["Float32Array"],
  float64: ["Float64Array"],
};

/** `%TypedArray%.prototype[Symbol.toStringTag]`: the class, whatever the object says of itself. */
const classOf = Object.getOwnPropertyDescriptor(
  Object.getPrototypeOf(Uint8Array.prototype),
  Symbol.toStringTag,
)?.get as (this: unknown) => string;

/** Whether a type is `char` itself, of which arrays are text. */
export function isCharacter(type: CType): boolean {
  return type.kind === "scalar" && type.value === "char";
}

/** The typed array classes that hold elements as the type's memory does; none for most types. */
export function typedArraysOf(type: CType): readonly string[] {
  if (type.kind === "array") return typedArraysOf(type.element);
  if (isCharacter(type)) return ["Int8Array", "Uint8Array", "Uint8ClampedArray"];
  if (type.kind !== "scalar" || type.value === "size" || type.value === "bool") return [];
  return CLASSES[NATIVE_TYPES[concreteType(type.value)]] ?? [];
}

/**
 * Copies what already has an array's bytes: a typed array of its elements (also of all dimensions
 * in one), or a view of the same type. False for anything else.
 */
export function writeWhole(
  memory: DataView,
  at: number,
  type: ArrayType,
  value: unknown,
  context: WriteContext,
  path: string,
): boolean {
  if (isTypedArray(value)) {
    const fits =
      value.byteLength === type.size && typedArraysOf(type).includes(classOf.call(value));
    if (!fits) refuseValue(context, path, type, value);
    new Uint8Array(memory.buffer, memory.byteOffset + at, type.size).set(
      new Uint8Array(value.buffer, value.byteOffset, type.size),
    );
    return true;
  }
  if (typeof value !== "object" || value === null || !isViewOf(value, type)) return false;
  copyBytes(dataOf(value), 0, memory, at, type.size);
  return true;
}
