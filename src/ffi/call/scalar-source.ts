import { isNarrowSource } from "../types/narrow.js";
import { longIsWide } from "../types/types.js";
import type { ScalarResult, SlotType } from "./marshaller.js";

/*
 * The source text of checks, stores and loads of one value in its slot, for generated marshallers.
 * scalar-values.ts is the twin that does the same without code generation.
 */

/** Where a value is stored: `width` bytes at byte `offset` of the frame. */
export interface Slot {
  readonly type: SlotType;
  readonly offset: number;
  readonly width: number;
}

/** Checks the variable `a` and stores it; `refuse` is a statement that throws. */
export function storeSource(a: string, slot: Slot, refuse: string): string {
  const { type, offset } = slot;
  switch (type) {
    case "int8":
    case "uint8":
    case "int16":
    case "uint16":
    case "int32":
    case "uint32":
      return `if (!(${isNarrowSource(a, type)})) ${refuse} ${storeNarrow(a, slot)}`;
    case "bool":
      return `if (typeof ${a} !== "boolean") ${refuse} ${storeNarrow(`+${a}`, slot)}`;
    case "flag":
      return `if (!(typeof ${a} === "boolean" || ${isNarrowSource(a, "uint8")})) ${refuse}
${storeNarrow(`+${a}`, slot)}`;
    case "float32":
      return `if (typeof ${a} !== "number") ${refuse} f32[${offset >> 2}] = ${a};`;
    case "float64":
      return `if (typeof ${a} !== "number") ${refuse} f64[${offset >> 3}] = ${a};`;
    case "int64":
    case "uint64":
    case "long":
    case "ulong":
      return wideSource(a, slot, refuse);
    case "size":
      return `if (!(Number.isSafeInteger(${a}) && ${a} >= 0)) ${refuse} ${storeSafe(a, offset)}`;
  }
}

/** Registers, and stacks but Apple's, take a narrow integer extended to four bytes. */
function storeNarrow(value: string, { offset, width }: Slot): string {
  if (width === 1) return `i8[${offset}] = ${value};`;
  if (width === 2) return `i16[${offset >> 1}] = ${value};`;
  return `i32[${offset >> 2}] = ${value};`;
}

/** A safe integer as two halves: ToUint32 keeps the low one of a negative number too. */
function storeSafe(a: string, offset: number): string {
  const low = offset >> 2;
  return `u32[${low}] = ${a}; i32[${low + 1}] = Math.floor(${a} / 4294967296);`;
}

/**
 * A bigint in range, or a safe integer. `BigInt.asIntN` tells in 18 ns where two comparisons take
 * 25. C's `long` has four bytes on Windows.
 */
function wideSource(a: string, { type, offset, width }: Slot, refuse: string): string {
  const isSigned = type === "int64" || type === "long";
  const as = isSigned ? "asIntN" : "asUintN";
  if (width === 4) {
    const narrow = isNarrowSource(a, isSigned ? "int32" : "uint32");
    return `if (!(typeof ${a} === "bigint" ? BigInt.${as}(32, ${a}) === ${a} : ${narrow})) ${refuse}
i32[${offset >> 2}] = Number(${a});`;
  }
  const array = isSigned ? "i64" : "u64";
  const safe = `Number.isSafeInteger(${a})${isSigned ? "" : ` && ${a} >= 0`}`;
  return `if (typeof ${a} === "bigint") {
if (BigInt.${as}(64, ${a}) !== ${a}) ${refuse} ${array}[${offset >> 3}] = ${a};
} else if (${safe}) { ${storeSafe(a, offset)} } else ${refuse}`;
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
