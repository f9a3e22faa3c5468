import type { StandardSchemaV1, StandardTypedV1 } from "@standard-schema/spec";

declare const VALUE: unique symbol;

/**
 * JSON Schema 2020-12, of a value as it travels in JSON: the keywords that `t` writes and the
 * codecs read. `x-kind` marks values whose JSON form is not the value itself. As in JSON Schema, a
 * keyword says nothing about values of other types.
 */
export interface JsonSchema extends Annotations {
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, JsonSchema>>;
  readonly type?: JsonType;
  readonly "x-kind"?: SpecialKind;
  readonly format?: string;
  readonly contentEncoding?: "base64";
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly multipleOf?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly items?: JsonSchema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly uniqueItems?: boolean;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | JsonSchema;
  readonly propertyNames?: JsonSchema;
  readonly minProperties?: number;
  readonly maxProperties?: number;
  readonly anyOf?: readonly JsonSchema[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
}

/** What a schema says to people and tools; it decides nothing. */
export interface Annotations {
  readonly $id?: string;
  readonly $comment?: string;
  readonly title?: string;
  readonly description?: string;
  /** The JSON form of the value that stands for a property or argument that is left out. */
  readonly default?: unknown;
  /** JSON forms. */
  readonly examples?: readonly unknown[];
  readonly deprecated?: boolean;
  /** What members of an `enum` mean, in its order. */
  readonly "x-enum-descriptions"?: readonly string[];
}

export const ANNOTATIONS = [
  "$id",
  "$comment",
  "$defs",
  "title",
  "description",
  "default",
  "examples",
  "deprecated",
  "x-enum-descriptions",
] as const satisfies readonly (keyof JsonSchema)[];

export type JsonType = "null" | "boolean" | "integer" | "number" | "string" | "array" | "object";

/** Values that JSON writes differently, or tells less about; see special-codecs.ts. */
export type SpecialKind =
  | "void"
  | "int64"
  | "uint64"
  | "float64"
  | "cString"
  | "bytes"
  | "data"
  | "datetime"
  | "pointer"
  /** Judged by the schema library that it comes from; without that, any JSON value. */
  | "standard";

export type LiteralValue = string | number | boolean | null;

/** A schema that knows the TypeScript type of its values. The type exists at compile time only. */
export interface Schema<T = unknown> extends JsonSchema {
  readonly [VALUE]?: T;
}

/**
 * What `t` makes, or a schema of zod, valibot, arktype or any other library that follows Standard
 * Schema (standardschema.dev).
 */
export type AnySchema = Schema | StandardSchemaV1;

/** The TypeScript type of a schema's values, where they arrive: `Infer<typeof schema>`. */
export type Infer<S> = S extends StandardTypedV1
  ? StandardTypedV1.InferOutput<S>
  : S extends { readonly [VALUE]?: infer T }
    ? T
    : never;

/** The type of what is given for a schema's values, where the schema transforms them. */
export type InferInput<S> = S extends StandardTypedV1 ? StandardTypedV1.InferInput<S> : Infer<S>;

/** A property or parameter that may be left out. */
export interface OptionalSchema<S extends AnySchema = Schema> {
  readonly optional: S;
}

/** What a method gives or takes one after the other: its result, or its last parameter. */
export interface StreamSchema<S extends AnySchema = AnySchema> {
  readonly stream: S;
  readonly [VALUE]?: AsyncIterable<Infer<S>>;
}

/** A named parameter of a method. */
export interface Parameter<
  N extends string = string,
  S extends AnySchema | OptionalSchema<AnySchema> | StreamSchema =
    | AnySchema
    | OptionalSchema<AnySchema>
    | StreamSchema,
> {
  readonly name: N;
  readonly schema: S;
}

export function isOptional(schema: unknown): schema is OptionalSchema {
  if (typeof schema !== "object" || schema === null) return false;
  // Schemas of other libraries have a method of that name.
  return Object.hasOwn(schema, "optional") && !("~standard" in schema);
}

export function isStream(schema: unknown): schema is StreamSchema {
  return typeof schema === "object" && schema !== null && Object.hasOwn(schema, "stream");
}

export function withoutOptional<S extends AnySchema>(schema: S | OptionalSchema<S>): S {
  return isOptional(schema) ? (schema.optional as S) : (schema as S);
}
