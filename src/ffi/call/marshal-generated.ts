import { longIsWide } from "../types/types.js";
import type { Engine } from "./engine.js";
import { TEXT_HAS_NUL, TEXT_WRITTEN } from "./frame.js";
import { isPointer, type MarshallerFactory, type Placed, type PlacedResult } from "./marshaller.js";

/**
 * Writes the marshaller of a signature as source. Every value in the source comes from our own
 * tables and layout numbers, never from a caller's text.
 *
 * All functions of one signature share this code: what differs is the plan's index, and the native
 * function called is always the same one, so its call sites stay monomorphic (measured: 32 ns for
 * a native function per signature against 51 ns with a native function each).
 */
export function generateMarshaller(
  engine: Engine,
  parameters: readonly Placed[],
  result: PlacedResult,
): MarshallerFactory {
  const source = factorySource(parameters, result, engine.crossing.name === "v8");
  return new Function("engine", source)(engine) as MarshallerFactory;
}

function factorySource(
  parameters: readonly Placed[],
  result: PlacedResult,
  isFast: boolean,
): string {
  const names = parameters.map(({ index }) => `a${index}`);
  const pointers = parameters.filter(({ type }) => isPointer(type));
  const scalars = parameters.filter(({ type }) => !isPointer(type));
  const dispatch = isFast ? "dispatch(token);" : "dispatch();";
  return `"use strict";
const { i8, u8, i16, u16, i32, u32, i64, u64, f32, f64 } = engine.frame;
const { planIndex, viewMaskIndex, statusIndex, scratch, writeText } = engine.frame;
const { readText, readSize, viewOf, addressOf } = engine;
const { dispatch } = engine.crossing;
const { dispatchViews } = engine.binding;
const { isView } = ArrayBuffer;
return ({ index: plan, token }, { argument: refuse, count: refuseCount, status: failed }) =>
function (${names.join(", ")}) {
if (arguments.length !== ${names.length}) refuseCount(arguments.length);
${scalars.map(scalarSource).join("\n")}
${pointers.length > 0 ? pointerCall(pointers, dispatch) : `u32[planIndex] = plan; ${dispatch}`}
if (u32[statusIndex] !== 0) failed(u32[statusIndex]);
return ${resultSource(result)};
};`;
}

/** The integer tests are JavaScript's own conversions: `x | 0` is ToInt32 (ECMA-262 7.1.6). */
const CONVERSIONS = {
  int8: (a: string) => `(${a} << 24 >> 24)`,
  uint8: (a: string) => `(${a} & 255)`,
  int16: (a: string) => `(${a} << 16 >> 16)`,
  uint16: (a: string) => `(${a} & 65535)`,
  int32: (a: string) => `(${a} | 0)`,
  uint32: (a: string) => `(${a} >>> 0)`,
} as const;

function isNarrow(a: string, type: keyof typeof CONVERSIONS): string {
  return `typeof ${a} === "number" && ${CONVERSIONS[type](a)} === ${a}`;
}

function scalarSource(parameter: Placed): string {
  const { type, index, offset } = parameter;
  const a = `a${index}`;
  const refuse = `refuse(${index}, ${a});`;
  switch (type) {
    case "int8":
    case "uint8":
    case "int16":
    case "uint16":
    case "int32":
    case "uint32":
      return `if (!(${isNarrow(a, type)})) ${refuse} ${storeNarrow(a, parameter)}`;
    case "bool":
      return `if (typeof ${a} !== "boolean") ${refuse} ${storeNarrow(`+${a}`, parameter)}`;
    case "flag":
      return `if (!(typeof ${a} === "boolean" || ${isNarrow(a, "uint8")})) ${refuse}
${storeNarrow(`+${a}`, parameter)}`;
    case "float32":
      return `if (typeof ${a} !== "number") ${refuse} f32[${offset >> 2}] = ${a};`;
    case "float64":
      return `if (typeof ${a} !== "number") ${refuse} f64[${offset >> 3}] = ${a};`;
    case "int64":
    case "uint64":
    case "long":
    case "ulong":
      return wideSource(a, parameter, refuse);
    case "size":
      return `if (!(Number.isSafeInteger(${a}) && ${a} >= 0)) ${refuse} ${storeSafe(a, offset)}`;
    case "void":
    case "pointer":
    case "text":
    case "nullableText":
      throw new Error(`${type} is not a scalar parameter`);
  }
}

/** Registers, and stacks but Apple's, take a narrow integer extended to four bytes. */
function storeNarrow(value: string, { offset, width }: Placed): string {
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
function wideSource(a: string, { type, offset, width }: Placed, refuse: string): string {
  const isSigned = type === "int64" || type === "long";
  const as = isSigned ? "asIntN" : "asUintN";
  if (width === 4) {
    const narrow = isNarrow(a, isSigned ? "int32" : "uint32");
    return `if (!(typeof ${a} === "bigint" ? BigInt.${as}(32, ${a}) === ${a} : ${narrow})) ${refuse}
i32[${offset >> 2}] = Number(${a});`;
  }
  const array = isSigned ? "i64" : "u64";
  const safe = `Number.isSafeInteger(${a})${isSigned ? "" : ` && ${a} >= 0`}`;
  return `if (typeof ${a} === "bigint") {
if (BigInt.${as}(64, ${a}) !== ${a}) ${refuse} ${array}[${offset >> 3}] = ${a};
} else if (${safe}) { ${storeSafe(a, offset)} } else ${refuse}`;
}

/**
 * Pointers are written when every scalar has passed its check, because strings take scratch space,
 * which is given back on every way out.
 */
function pointerCall(pointers: readonly Placed[], dispatch: string): string {
  const views = pointers.filter(({ view }) => view >= 0).map(({ view }) => `v${view}`);
  return `let mask = 0, ${views.join(", ")};
const top = scratch.top;
try {
${pointers.map(pointerSource).join("\n")}
u32[planIndex] = plan;
if (mask === 0) ${dispatch}
else { u32[viewMaskIndex] = mask; dispatchViews(${views.join(", ")}); }
} finally { scratch.top = top; }`;
}

function pointerSource({ type, index, offset, view }: Placed): string {
  const a = `a${index}`;
  const refuse = `refuse(${index}, ${a});`;
  const low = offset >> 2;
  const pass = (memory: string) =>
    view >= 0
      ? `{ v${view} = ${memory}; mask |= ${1 << view}; }`
      : `{ const p = addressOf(${memory}); if (p === undefined) ${refuse} u64[${offset >> 3}] = p; }`;
  const storeNull = `{ u32[${low}] = 0; u32[${low + 1}] = 0; }`;
  const storeText = `{ const r = writeText(${a}, ${offset});
if (r === ${TEXT_HAS_NUL}) ${refuse} if (r !== ${TEXT_WRITTEN}) ${pass("r")} }`;
  const text = `{ if (typeof ${a} !== "string") ${refuse} ${storeText} }`;
  if (type === "text") return text;
  if (type === "nullableText") return `if (${a} === null) ${storeNull} else ${text}`;
  return `if (isView(${a})) ${pass(a)}
else if (typeof ${a} === "bigint") {
if (BigInt.asUintN(64, ${a}) !== ${a}) ${refuse} u64[${offset >> 3}] = ${a};
} else if (${a} === null || ${a} === undefined) ${storeNull}
else if (typeof ${a} === "string") ${storeText}
else { const w = viewOf(${a}); if (w === undefined) ${refuse} ${pass("w")} }`;
}

function resultSource({ type, offset }: PlacedResult): string {
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
      return `readText(u64[${offset >> 3}])`;
  }
}
