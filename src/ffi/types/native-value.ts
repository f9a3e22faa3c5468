import type { NativeValue } from "../../internal/binding.js";
import type { AggregateType, ArrayType, CType, Field } from "./ctype.js";
import { NATIVE_TYPES } from "./types.js";

/** Beyond this no convention passes an aggregate in registers, and native code needs no leaves. */
const MAX_BYTES_IN_REGISTERS = 64;

/** A type as native code takes it. Arrays have none: as parameters they are pointers. */
export function nativeValueOf(type: CType): NativeValue {
  switch (type.kind) {
    case "scalar":
    case "enum":
      return NATIVE_TYPES[type.value];
    case "pointer":
    case "function":
      return "pointer";
    case "struct":
    case "union":
      return [type.size, type.alignment, type.naturalAlignment, ...leavesOf(type)];
    case "array":
    case "opaque":
      throw new Error(`${type.name} is not passed by value`);
  }
}

function leavesOf(type: AggregateType): (string | number)[] {
  const leaves: (string | number)[] = [];
  if (type.size <= MAX_BYTES_IN_REGISTERS) addFields(leaves, type, 0);
  return leaves;
}

/** Returns how many leaves they are. */
function addFields(leaves: (string | number)[], type: AggregateType, at: number): number {
  let count = 0;
  for (const field of type.fields) {
    if (field.bits === undefined) count += addLeaves(leaves, field.type, at + field.offset);
    else count += addBitLeaves(leaves, field.bits, at + field.offset);
  }
  return count;
}

function addLeaves(leaves: (string | number)[], type: CType, at: number): number {
  switch (type.kind) {
    case "scalar":
    case "enum":
      leaves.push(NATIVE_TYPES[type.value], at);
      return 1;
    case "pointer":
    case "function":
      leaves.push("pointer", at);
      return 1;
    case "struct":
    case "union":
      return addInner(leaves, type, at);
    case "array":
      return addElements(leaves, type, at);
    case "opaque":
      throw new Error(`${type.name} has no size`);
  }
}

/** An aggregate inside of another: conventions look at it by itself first. */
function addInner(leaves: (string | number)[], type: AggregateType, at: number): number {
  const start = leaves.length;
  const count = addFields(leaves, type, at);
  if (count > 0) leaves.splice(start, 0, "aggregate", count);
  return count;
}

function addElements(leaves: (string | number)[], type: ArrayType, at: number): number {
  if (type.element.size === 0) return 0;
  let count = 0;
  for (let index = 0; index < (type.length ?? 0); index++) {
    count += addLeaves(leaves, type.element, at + index * type.element.size);
  }
  return count;
}

/**
 * The bytes that a bit-field touches: its unit may lie across others, and every convention takes a
 * bit-field as integer, aligned or not.
 */
function addBitLeaves(
  leaves: (string | number)[],
  { start, width }: NonNullable<Field["bits"]>,
  at: number,
): number {
  const first = Math.floor(start / 8);
  const last = Math.floor((start + width - 1) / 8);
  for (let byte = first; byte <= last; byte++) leaves.push("uint8", at + byte);
  return last + 1 - first;
}
