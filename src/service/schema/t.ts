import {
  type Annotations,
  type AnySchema,
  type Infer,
  isOptional,
  type JsonSchema,
  type LiteralValue,
  type OptionalSchema,
  type Parameter,
  type Schema,
  type StreamSchema,
  withoutOptional,
} from "./json-schema.js";
import type { ValueOf } from "./value-types.js";

export interface NumberOptions extends Annotations {
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  /** Of the decimal fraction that it is written as: 0.3 is a multiple of 0.1. */
  readonly multipleOf?: number;
}

export interface StringOptions extends Annotations {
  /** In code points, as JSON Schema counts. */
  readonly minLength?: number;
  readonly maxLength?: number;
  /** An ECMA-262 regular expression, matched anywhere unless anchored, with the `u` flag. */
  readonly pattern?: string;
  /** Refuses U+0000, which ends a string in C. */
  readonly noNul?: boolean;
}

export interface ArrayOptions extends Annotations {
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly uniqueItems?: boolean;
}

export interface ObjectOptions extends Annotations {
  readonly minProperties?: number;
  readonly maxProperties?: number;
}

export interface MapOptions extends ObjectOptions {
  /** What keys have to be: a schema of strings. */
  readonly keys?: Schema<string>;
}

/**
 * Builds schemas. A schema is plain JSON Schema, so it can be sent, stored and shown; the
 * TypeScript type of its values is carried beside it. Options add limits and annotations (`title`,
 * `description`, `default`, `examples`, `deprecated`).
 */
export const t = {
  null: (options: Annotations = {}): Schema<null> => ({ type: "null", ...options }),
  /** No value: `undefined` here, `null` in JSON. For results. */
  void: (): Schema<void> => ({ type: "null", "x-kind": "void" }),
  boolean: (options: Annotations = {}): Schema<boolean> => ({ type: "boolean", ...options }),
  /** An integer that a double holds exactly: up to 2^53 - 1 either way. */
  integer: (options: NumberOptions = {}) =>
    boundedInteger(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER, options),
  int8: (options: NumberOptions = {}) => sizedInteger("int8", -(2 ** 7), 2 ** 7 - 1, options),
  uint8: (options: NumberOptions = {}) => sizedInteger("uint8", 0, 2 ** 8 - 1, options),
  int16: (options: NumberOptions = {}) => sizedInteger("int16", -(2 ** 15), 2 ** 15 - 1, options),
  uint16: (options: NumberOptions = {}) => sizedInteger("uint16", 0, 2 ** 16 - 1, options),
  int32: (options: NumberOptions = {}) => sizedInteger("int32", -(2 ** 31), 2 ** 31 - 1, options),
  uint32: (options: NumberOptions = {}) => sizedInteger("uint32", 0, 2 ** 32 - 1, options),
  /** A `bigint`; a safe integer is accepted too. In JSON a decimal string. */
  int64: (options: Annotations = {}): Schema<bigint> => wideInteger("int64", options),
  uint64: (options: Annotations = {}): Schema<bigint> => wideInteger("uint64", options),
  /** A finite number. */
  number: (options: NumberOptions = {}): Schema<number> => ({ type: "number", ...options }),
  /**
   * Any double. In JSON, NaN, the infinities and -0 are strings, for JSON has no literals for the
   * first three and JSON.stringify drops the sign of the last (proto3 JSON reads all four).
   */
  float64: (options: Annotations = {}): Schema<number> => ({
    anyOf: [{ type: "number" }, { enum: ["NaN", "Infinity", "-Infinity", "-0"] }],
    "x-kind": "float64",
    ...options,
  }),
  string: ({ noNul = false, ...options }: StringOptions = {}): Schema<string> =>
    noNul ? { type: "string", "x-kind": "cString", ...options } : { type: "string", ...options },
  /** A calendar date as a string: `2026-11-21` (RFC 3339). */
  date: (options: Annotations = {}): Schema<string> => formatted("date", options),
  /** A `Date`, a moment to the millisecond. In JSON a string with an offset (RFC 3339). */
  datetime: (options: Annotations = {}): Schema<Date> => ({
    type: "string",
    format: "date-time",
    "x-kind": "datetime",
    ...options,
  }),
  /** A time of day with its offset, as a string: `14:30:00Z` (RFC 3339). */
  time: (options: Annotations = {}): Schema<string> => formatted("time", options),
  /** A length of time as a string: `P3DT4H30M` (RFC 3339, appendix A). */
  duration: (options: Annotations = {}): Schema<string> => formatted("duration", options),
  /** A UUID as a string (RFC 9562), upper or lower case. */
  uuid: (options: Annotations = {}): Schema<string> => formatted("uuid", options),
  /** An absolute URI as a string (RFC 3986). */
  uri: (options: StringOptions = {}): Schema<string> => formatted("uri", options),
  /** An email address as a string, what HTML forms accept. */
  email: (options: StringOptions = {}): Schema<string> => formatted("email", options),
  /** A Uint8Array; an ArrayBuffer or DataView is accepted too. In JSON a base64 string. */
  bytes: (options: Annotations = {}): Schema<Uint8Array> => ({
    type: "string",
    contentEncoding: "base64",
    "x-kind": "bytes",
    ...options,
  }),
  /** A string or bytes. In JSON, text is a string and bytes are `{ "base64": "..." }`. */
  data: (options: Annotations = {}): Schema<string | Uint8Array> => ({
    anyOf: [
      { type: "string" },
      {
        type: "object",
        properties: { base64: { type: "string", contentEncoding: "base64" } },
        required: ["base64"],
        additionalProperties: false,
      },
    ],
    "x-kind": "data",
    ...options,
  }),
  array: <S extends Schema>(items: S, options: ArrayOptions = {}): Schema<Infer<S>[]> => ({
    type: "array",
    items,
    ...options,
  }),
  /** Unknown properties are refused. An optional one takes its `default` if left out in JSON. */
  object: <P extends Readonly<Record<string, Schema | OptionalSchema>>>(
    properties: P,
    options: ObjectOptions = {},
  ): Schema<ValueOf<P>> => ({
    type: "object",
    properties: mapValues(properties, withoutOptional),
    required: Object.keys(properties).filter((key) => !isOptional(properties[key])),
    additionalProperties: false,
    ...options,
  }),
  /** An object with any keys and values of one schema. */
  map: <S extends Schema>(
    values: S,
    { keys, ...options }: MapOptions = {},
  ): Schema<Record<string, Infer<S>>> => ({
    type: "object",
    additionalProperties: values,
    ...(keys !== undefined && { propertyNames: keys }),
    ...options,
  }),
  /** A property, or a parameter at the end of the list, that may be left out. */
  optional: <S extends AnySchema>(schema: S): OptionalSchema<S> => ({ optional: schema }),
  /** Items one after the other: a method's result, or its last parameter. */
  stream: <S extends AnySchema>(items: S): StreamSchema<S> => ({ stream: items }),
  /** The first schema that fits decides, going out and coming in. */
  union: <const S extends readonly Schema[]>(
    schemas: S,
    options: Annotations = {},
  ): Schema<Infer<S[number]>> => ({ anyOf: schemas, ...options }),
  literal: <const V extends LiteralValue>(value: V, options: Annotations = {}): Schema<V> => ({
    const: value,
    ...options,
  }),
  /** One of some values; `x-enum-descriptions` says what each means, in their order. */
  enum: <const V extends readonly LiteralValue[]>(
    values: V,
    options: Annotations = {},
  ): Schema<V[number]> => ({ enum: values, ...options }),
  /** Whatever JSON holds. */
  any: (options: Annotations = {}): Schema<unknown> => ({ ...options }),
  /**
   * A schema by its identifier: one with that `$id` around it, or one in the registry that it is
   * used with. Its values' type cannot be seen from here: `t.ref<Point>("Point")`.
   */
  ref: <T = unknown>(id: string): Schema<T> => ({ $ref: id }),
  /** A schema that contains itself: `t.recursive<Tree>("Tree", (tree) => t.object({ ... }))`. */
  recursive: <T>(id: string, build: (self: Schema<T>) => Schema): Schema<T> => {
    const schema: JsonSchema = build({ $ref: id });
    return { $id: id, ...schema };
  },
  /** A parameter of a method; its schema may be one of zod, valibot, arktype and the like. */
  param: <const N extends string, S extends AnySchema | OptionalSchema<AnySchema> | StreamSchema>(
    name: N,
    schema: S,
  ): Parameter<N, S> => ({ name, schema }),
} as const;

function boundedInteger(minimum: number, maximum: number, options: NumberOptions): Schema<number> {
  return { type: "integer", minimum, maximum, ...options };
}

function sizedInteger(
  format: string,
  lowest: number,
  highest: number,
  { minimum = lowest, maximum = highest, ...options }: NumberOptions,
): Schema<number> {
  const limits = { minimum: Math.max(minimum, lowest), maximum: Math.min(maximum, highest) };
  return { type: "integer", ...limits, format, ...options };
}

function wideInteger(kind: "int64" | "uint64", options: Annotations): Schema<bigint> {
  const pattern = kind === "int64" ? "^-?[0-9]{1,19}$" : "^[0-9]{1,20}$";
  const minimum = kind === "int64" ? Number.MIN_SAFE_INTEGER : 0;
  const number = { type: "integer", minimum, maximum: Number.MAX_SAFE_INTEGER } as const;
  return { anyOf: [{ type: "string", pattern }, number], format: kind, "x-kind": kind, ...options };
}

function formatted(format: string, options: StringOptions): Schema<string> {
  return { type: "string", format, ...options };
}

function mapValues<V, W>(
  record: Readonly<Record<string, V>>,
  change: (value: V) => W,
): Record<string, W> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}
