/** The integers that a JavaScript number carries, and of which a wrong one is refused. */
export type Narrow = "int8" | "uint8" | "int16" | "uint16" | "int32" | "uint32";

/** JavaScript's own conversions (`x | 0` is ToInt32, ECMA-262 7.1.6) leave what fits as it is. */
const CONVERSIONS: Readonly<Record<Narrow, (value: number) => number>> = {
  int8: (value) => (value << 24) >> 24,
  uint8: (value) => value & 255,
  int16: (value) => (value << 16) >> 16,
  uint16: (value) => value & 65535,
  int32: (value) => value | 0,
  uint32: (value) => value >>> 0,
};

/** The same as source text, for generated code: `v` is an expression without effects. */
const SOURCES: Readonly<Record<Narrow, (v: string) => string>> = {
  int8: (v) => `(${v} << 24 >> 24)`,
  uint8: (v) => `(${v} & 255)`,
  int16: (v) => `(${v} << 16 >> 16)`,
  uint16: (v) => `(${v} & 65535)`,
  int32: (v) => `(${v} | 0)`,
  uint32: (v) => `(${v} >>> 0)`,
};

export function isNarrow(value: unknown, type: Narrow): value is number {
  return typeof value === "number" && CONVERSIONS[type](value) === value;
}

export function isNarrowSource(v: string, type: Narrow): string {
  return `typeof ${v} === "number" && ${narrowSource(v, type)} === ${v}`;
}

/** The number `v` as the type takes it: what fits is left as it is. */
export function narrowSource(v: string, type: Narrow): string {
  return SOURCES[type](v);
}
