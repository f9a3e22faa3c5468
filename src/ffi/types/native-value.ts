import type { NativeValue } from "../../internal/binding.js";
import type { AggregateType, CType, Field } from "./ctype.js";
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
  if (type.size <= MAX_BYTES_IN_REGISTERS) addLeaves(leaves, type, 0);
  return leaves;
}

function addLeaves(leaves: (string | number)[], type: CType, at: number): void {
  switch (type.kind) {
    case "scalar":
    case "enum":
      leaves.push(NATIVE_TYPES[type.value], at);
      return;
    case "pointer":
    case "function":
      leaves.push("pointer", at);
      return;
    case "struct":
    case "union":
      for (const field of type.fields) {
        if (field.bits === undefined) addLeaves(leaves, field.type, at + field.offset);
        else addBitLeaves(leaves, field.bits, at + field.offset);
      }
      return;
    case "array":
      if (type.element.size === 0) return;
      for (let index = 0; index < (type.length ?? 0); index++) {
        addLeaves(leaves, type.element, at + index * type.element.size);
      }
      return;
    case "opaque":
      throw new Error(`${type.name} has no size`);
  }
}

/**
 * The bytes that a bit-field touches: its unit may lie across others, and every convention takes a
 * bit-field as integer, aligned or not.
 */
function addBitLeaves(
  leaves: (string | number)[],
  { start, width }: NonNullable<Field["bits"]>,
  at: number,
): void {
  const first = Math.floor(start / 8);
  const last = Math.floor((start + width - 1) / 8);
  for (let byte = first; byte <= last; byte++) leaves.push("uint8", at + byte);
}
