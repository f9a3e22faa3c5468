import type { CType } from "./ctype.js";
import { isNarrowSource } from "./narrow.js";
import { ACCESSORS } from "./scalar-piece.js";
import { concreteType, longIsWide, type ValueType } from "./types.js";

/*
 * Source of the scalars that generated code inlines; scalar-piece.ts says the same in closures.
 * `m` is the DataView; `at`, `v` and `fail` are expressions of our own making.
 */

type Inlined = keyof typeof ACCESSORS | "size";

/** The value type to inline for a type; undefined where its piece is called. */
export function inlinedType(type: CType): Inlined | undefined {
  if (type.kind !== "scalar") return undefined;
  const value = widthOf(concreteType(type.value));
  return value in ACCESSORS || value === "size" ? (value as Inlined) : undefined;
}

/** `long` is one of two types; with four bytes it is still a bigint, and not inlined. */
function widthOf(value: Exclude<ValueType, "char">): Exclude<ValueType, "char"> {
  if (value === "long" && longIsWide) return "int64";
  if (value === "ulong" && longIsWide) return "uint64";
  return value;
}

export function readSource(type: Inlined, at: string): string {
  if (type === "size") return `readSize(m, ${at})`;
  const read = `m.get${ACCESSORS[type]}(${at}, true)`;
  return type === "bool" ? `(${read} !== 0)` : read;
}

/** A statement that stores `v`, or runs `fail`, which throws. */
export function writeSource(type: Inlined, at: string, v: string, fail: string): string {
  switch (type) {
    case "bool":
      return `if (typeof ${v} !== "boolean") ${fail}; m.setUint8(${at}, ${v} ? 1 : 0);`;
    case "flag":
      return `if (typeof ${v} !== "boolean" && !(${isNarrowSource(v, "uint8")})) ${fail};
m.setUint8(${at}, +${v});`;
    case "int8":
    case "uint8":
    case "int16":
    case "uint16":
    case "int32":
    case "uint32":
      return `if (!(${isNarrowSource(v, type)})) ${fail}; m.set${ACCESSORS[type]}(${at}, ${v}, true);`;
    case "float32":
    case "float64":
      return `if (typeof ${v} !== "number") ${fail}; m.set${ACCESSORS[type]}(${at}, ${v}, true);`;
    case "int64":
      return wideSource("asIntN", `Number.isSafeInteger(${v})`, at, v, fail);
    case "uint64":
      return wideSource("asUintN", `Number.isSafeInteger(${v}) && ${v} >= 0`, at, v, fail);
    case "size":
      return `if (!(Number.isSafeInteger(${v}) && ${v} >= 0)) ${fail}; ${storeSafe(at, v)}`;
  }
}

function wideSource(fit: string, isSafe: string, at: string, v: string, fail: string): string {
  return `if (typeof ${v} === "bigint") {
if (BigInt.${fit}(64, ${v}) !== ${v}) ${fail};
m.setBigInt64(${at}, ${v}, true);
} else if (${isSafe}) { ${storeSafe(at, v)} } else ${fail};`;
}

function storeSafe(at: string, v: string): string {
  return `m.setUint32(${at}, ${v}, true);
m.setInt32(${at} + 4, Math.floor(${v} / 4294967296), true);`;
}
