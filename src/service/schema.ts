import type { ValueOf } from "./schema-types.js";

declare const VALUE: unique symbol;

/**
 * JSON Schema 2020-12, of a value as it travels in JSON: the keywords that `t` writes and the
 * codecs read. `x-kind` marks values whose JSON form is not the value itself.
 */
export interface JsonSchema {
  readonly type?: "null" | "boolean" | "integer" | "number" | "string" | "array" | "object";
  readonly "x-kind"?: SpecialKind;
  readonly description?: string;
  readonly format?: string;
  readonly contentEncoding?: "base64";
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly items?: JsonSchema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: false | JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly const?: LiteralValue;
  readonly enum?: readonly LiteralValue[];
}

/** Values that JSON writes differently, or tells less about; see special-codecs.ts. */
export type SpecialKind =
  | "void"
  | "int64"
  | "uint64"
  | "float64"
  | "cString"
  | "bytes"
  | "data"
  | "pointer";

export type LiteralValue = string | number | boolean | null;

/** A schema that knows the TypeScript type of its values. The type exists at compile time only. */
export interface Schema<T = unknown> extends JsonSchema {
  readonly [VALUE]?: T;
}

/** The TypeScript type of a schema's values: `Infer<typeof schema>`. */
export type Infer<S> = S extends { readonly [VALUE]?: infer T } ? T : never;

/** A property or parameter that may be left out. */
export interface OptionalSchema<S extends Schema = Schema> {
  readonly optional: S;
}

/** A named parameter of a method. */
export interface Parameter<
  N extends string = string,
  S extends Schema | OptionalSchema = Schema | OptionalSchema,
> {
  readonly name: N;
  readonly schema: S;
}

export interface StringOptions {
  /** In code points, as JSON Schema counts. */
  readonly minLength?: number;
  readonly maxLength?: number;
  /** An ECMA-262 regular expression, matched anywhere unless anchored, with the `u` flag. */
  readonly pattern?: string;
  /** Refuses U+0000, which ends a string in C. */
  readonly noNul?: boolean;
}

export interface ArrayOptions {
  readonly minItems?: number;
  readonly maxItems?: number;
}

/**
 * Builds schemas. A schema is plain JSON Schema, so it can be sent, stored and shown; the
 * TypeScript type of its values is carried beside it.
 */
export const t = {
  null: (): Schema<null> => ({ type: "null" }),
  /** No value: `undefined` here, `null` in JSON. For results. */
  void: (): Schema<void> => ({ type: "null", "x-kind": "void" }),
  boolean: (): Schema<boolean> => ({ type: "boolean" }),
  /** An integer that a double holds exactly: up to 2^53 - 1 either way. */
  integer: () => boundedInteger(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER),
  int8: () => boundedInteger(-(2 ** 7), 2 ** 7 - 1, "int8"),
  uint8: () => boundedInteger(0, 2 ** 8 - 1, "uint8"),
  int16: () => boundedInteger(-(2 ** 15), 2 ** 15 - 1, "int16"),
  uint16: () => boundedInteger(0, 2 ** 16 - 1, "uint16"),
  int32: () => boundedInteger(-(2 ** 31), 2 ** 31 - 1, "int32"),
  uint32: () => boundedInteger(0, 2 ** 32 - 1, "uint32"),
  /** A `bigint`; a safe integer is accepted too. In JSON a decimal string. */
  int64: (): Schema<bigint> => wideInteger("int64"),
  uint64: (): Schema<bigint> => wideInteger("uint64"),
  /** A finite number. */
  number: (): Schema<number> => ({ type: "number" }),
  /**
   * Any double. In JSON, NaN, the infinities and -0 are strings, for JSON has no literals for the
   * first three and JSON.stringify drops the sign of the last (proto3 JSON reads all four).
   */
  float64: (): Schema<number> => ({
    anyOf: [{ type: "number" }, { enum: ["NaN", "Infinity", "-Infinity", "-0"] }],
    "x-kind": "float64",
  }),
  string: ({ noNul = false, ...limits }: StringOptions = {}): Schema<string> =>
    noNul ? { type: "string", "x-kind": "cString", ...limits } : { type: "string", ...limits },
  /** A Uint8Array; an ArrayBuffer or DataView is accepted too. In JSON a base64 string. */
  bytes: (): Schema<Uint8Array> => ({
    type: "string",
    contentEncoding: "base64",
    "x-kind": "bytes",
  }),
  /** A string or bytes. In JSON, text is a string and bytes are `{ "base64": "..." }`. */
  data: (): Schema<string | Uint8Array> => ({
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
  }),
  array: <S extends Schema>(items: S, limits: ArrayOptions = {}): Schema<Infer<S>[]> => ({
    type: "array",
    items,
    ...limits,
  }),
  /** Unknown properties are refused. */
  object: <P extends Readonly<Record<string, Schema | OptionalSchema>>>(
    properties: P,
  ): Schema<ValueOf<P>> => ({
    type: "object",
    properties: mapValues(properties, withoutOptional),
    required: Object.keys(properties).filter((key) => !isOptional(properties[key])),
    additionalProperties: false,
  }),
  /** An object with any keys and values of one schema. */
  map: <S extends Schema>(values: S): Schema<Record<string, Infer<S>>> => ({
    type: "object",
    additionalProperties: values,
  }),
  /** A property, or a parameter at the end of the list, that may be left out. */
  optional: <S extends Schema>(schema: S): OptionalSchema<S> => ({ optional: schema }),
  /** The first schema that fits decides, going out and coming in. */
  union: <const S extends readonly Schema[]>(schemas: S): Schema<Infer<S[number]>> => ({
    anyOf: schemas,
  }),
  literal: <const V extends LiteralValue>(value: V): Schema<V> => ({ const: value }),
  enum: <const V extends readonly LiteralValue[]>(values: V): Schema<V[number]> => ({
    enum: values,
  }),
  /** Whatever JSON holds. */
  any: (): Schema<unknown> => ({}),
  param: <const N extends string, S extends Schema | OptionalSchema>(
    name: N,
    schema: S,
  ): Parameter<N, S> => ({ name, schema }),
} as const;

export function isOptional(schema: unknown): schema is OptionalSchema {
  return typeof schema === "object" && schema !== null && Object.hasOwn(schema, "optional");
}

export function withoutOptional(schema: Schema | OptionalSchema): Schema {
  return isOptional(schema) ? schema.optional : schema;
}

function boundedInteger(minimum: number, maximum: number, format?: string): Schema<number> {
  const schema = { type: "integer", minimum, maximum } as const;
  return format === undefined ? schema : { ...schema, format };
}

function wideInteger(kind: "int64" | "uint64"): Schema<bigint> {
  const pattern = kind === "int64" ? "^-?[0-9]{1,19}$" : "^[0-9]{1,20}$";
  const minimum = kind === "int64" ? Number.MIN_SAFE_INTEGER : 0;
  const number = { type: "integer", minimum, maximum: Number.MAX_SAFE_INTEGER } as const;
  return { anyOf: [{ type: "string", pattern }, number], format: kind, "x-kind": kind };
}

function mapValues<V, W>(
  record: Readonly<Record<string, V>>,
  change: (value: V) => W,
): Record<string, W> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}
