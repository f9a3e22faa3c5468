import { isNarrowSource, narrowSource } from "../types/narrow.js";
import { longIsWide } from "../types/types.js";
import type { ScalarResult, SlotType } from "./marshaller.js";

/*
 * The source text of checks, stores and loads of one value in its slot, for generated marshallers.
 * scalar-values.ts is the twin that does the same without code generation. `words` is the frame's
 * `i32` in a variable of the function's own, which takes less bytecode.
 */

/** Where a value is stored: `width` bytes at byte `offset` of the frame. */
export interface Slot {
  readonly type: SlotType;
  readonly offset: number;
  readonly width: number;
}

/**
 * An expression that stores the variable `a` and is true, or is false because its type does not
 * take the value; what is in the slot then is of no use. It is short, because V8 inlines calls of
 * up to 460 bytes of bytecode: a function of six arguments that is inlined takes 11 ns, not 17.
 */
export function acceptSource(a: string, slot: Slot): string {
  const { type, offset } = slot;
  switch (type) {
    case "int8":
    case "uint8":
    case "int16":
    case "uint16":
    case "int32":
    case "uint32":
      return `typeof ${a} === "number" && (${storeNarrow(narrowSource(a, type), slot)}) === ${a}`;
    case "bool":
      // A comparison is a number in V8 without a branch or a look into an object.
      return `typeof ${a} === "boolean" && (${storeNarrow(`+(${a} === true)`, slot)}, true)`;
    case "flag":
      return `(typeof ${a} === "boolean" || ${isNarrowSource(a, "uint8")}) && (${storeNarrow(`+${a}`, slot)}, true)`;
    case "float32":
      return `typeof ${a} === "number" && (f32[${offset >> 2}] = ${a}, true)`;
    case "float64":
      return `typeof ${a} === "number" && (f64[${offset >> 3}] = ${a}, true)`;
    case "int64":
    case "uint64":
    case "long":
    case "ulong":
      return wideSource(a, slot);
    case "size":
      return `storeSafe(${offset >> 2}, ${a}, 0)`;
  }
}

/** Registers, and stacks but Apple's, take a narrow integer extended to four bytes. */
function storeNarrow(value: string, { offset, width }: Slot): string {
  if (width === 1) return `i8[${offset}] = ${value}`;
  if (width === 2) return `i16[${offset >> 1}] = ${value}`;
  return `words[${offset >> 2}] = ${value}`;
}

/**
 * A bigint in range, or a safe integer. `BigInt.asIntN` tells in 18 ns where two comparisons take
 * 25. C's `long` has four bytes on Windows.
 */
function wideSource(a: string, slot: Slot): string {
  const { type, offset, width } = slot;
  const isSigned = type === "int64" || type === "long";
  const as = isSigned ? "asIntN" : "asUintN";
  if (width === 4) {
    const narrow = isNarrowSource(a, isSigned ? "int32" : "uint32");
    return `(typeof ${a} === "bigint" ? ${as}(32, ${a}) === ${a} : ${narrow}) && (${storeNarrow(`Number(${a})`, slot)}, true)`;
  }
  const store = `${isSigned ? "i64" : "u64"}[${offset >> 3}] = ${a}`;
  const least = isSigned ? Number.MIN_SAFE_INTEGER : 0;
  return `(typeof ${a} === "bigint" ? ${as}(64, ${a}) === ${a} && (${store}, true) : storeSafe(${offset >> 2}, ${a}, ${least}))`;
}

/** An expression that reads a value from its slot. */
export function loadSource(type: ScalarResult["type"], offset: number): string {
  switch (type) {
    case "void":
      return "undefined";
    case "bool":
      return `u8[${offset}] !== 0`;
    case "int8":
      return `i8[${offset}]`;
    case "uint8":
    case "flag":
      return `u8[${offset}]`;
    case "int16":
      return `i16[${offset >> 1}]`;
    case "uint16":
      return `u16[${offset >> 1}]`;
    case "int32":
      return `i32[${offset >> 2}]`;
    case "uint32":
      return `u32[${offset >> 2}]`;
    case "int64":
      return `i64[${offset >> 3}]`;
    case "uint64":
    case "pointer":
      return `u64[${offset >> 3}]`;
    case "long":
      return longIsWide ? `i64[${offset >> 3}]` : `BigInt(i32[${offset >> 2}])`;
    case "ulong":
      return longIsWide ? `u64[${offset >> 3}]` : `BigInt(u32[${offset >> 2}])`;
    case "size":
      return `readSize(u32[${offset >> 2}], u32[${(offset >> 2) + 1}])`;
    case "float32":
      return `f32[${offset >> 2}]`;
    case "float64":
      return `f64[${offset >> 3}]`;
    case "text":
    case "nullableText":
      return `readText(u64[${offset >> 3}], "utf8")`;
    case "text16":
      return `readText(u64[${offset >> 3}], "utf16")`;
    case "text32":
      return `readText(u64[${offset >> 3}], "utf32")`;
  }
}
