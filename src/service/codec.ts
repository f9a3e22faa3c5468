import { ArgumentError } from "../errors/index.js";
import { arrayCodec, mapCodec, objectCodec } from "./container-codecs.js";
import type { JsonSchema } from "./schema.js";
import {
  ANY,
  BOOLEAN,
  choiceCodec,
  integerCodec,
  NULL,
  NUMBER,
  stringCodec,
} from "./simple-codecs.js";
import { SPECIAL_CODECS } from "./special-codecs.js";
import { unionCodec } from "./union-codec.js";

/**
 * How values of one schema are checked and travel in JSON. `check` and `fromJson` throw a
 * Mismatch; `toJson` takes checked values only.
 *
 * No validator library does this: one judges either the value or its JSON form, while these differ
 * for bytes, wide integers and NaN, and has words of its own where ours must be the call engine's.
 * (typebox, measured: 230 ms to import and 160 ms more for its compiler, against 70 ms for all of
 * nearfar.) The tests hold the JSON side to typebox's reading of the same schemas.
 */
export interface Codec {
  /** What the schema accepts, in the words of an error message: `must be ...`. */
  readonly expected: string;
  /** The JSON form of every value is the value itself: `toJson` need not run. */
  readonly isPlain: boolean;
  check(value: unknown): void;
  toJson(value: unknown): unknown;
  fromJson(json: unknown): unknown;
}

const codecs = new WeakMap<JsonSchema, Codec>();

/** The codec of a schema, made once. Throws an ArgumentError for what `t` does not write. */
export function codecOf(schema: JsonSchema): Codec {
  let codec = codecs.get(schema);
  if (codec === undefined) {
    codec = makeCodec(schema);
    codecs.set(schema, codec);
  }
  return codec;
}

/** The keywords that each type's codec heeds; any other would be silently ignored. */
const KEYWORDS = {
  null: [],
  boolean: [],
  integer: ["minimum", "maximum", "format"],
  number: [],
  string: ["minLength", "maxLength", "pattern"],
  array: ["items", "minItems", "maxItems"],
  object: ["properties", "required", "additionalProperties"],
  untyped: ["const", "enum", "anyOf"],
} as const satisfies Record<string, readonly (keyof JsonSchema)[]>;

function requireKnownKeywords(schema: JsonSchema): void {
  const known: readonly string[] = KEYWORDS[schema.type ?? "untyped"] ?? [];
  const isKnown = (key: string): boolean =>
    key === "type" || key === "description" || known.includes(key);
  if (!Object.keys(schema).every(isKnown)) throw notMadeWithT(schema);
}

function notMadeWithT(schema: JsonSchema): ArgumentError {
  return new ArgumentError(`schema must be made with t, got ${JSON.stringify(schema)}`);
}

function makeCodec(schema: JsonSchema): Codec {
  const kind = schema["x-kind"];
  if (kind !== undefined && Object.hasOwn(SPECIAL_CODECS, kind)) {
    return SPECIAL_CODECS[kind](schema);
  }
  requireKnownKeywords(schema);
  if (schema.const !== undefined) return choiceCodec([schema.const]);
  if (schema.enum !== undefined) return choiceCodec(schema.enum);
  if (schema.anyOf !== undefined) return unionCodec(schema.anyOf.map(codecOf));
  switch (schema.type) {
    case "null":
      return NULL;
    case "boolean":
      return BOOLEAN;
    case "integer":
      return integerCodec(schema);
    case "number":
      return NUMBER;
    case "string":
      return stringCodec(schema);
    case "array":
      return arrayCodec(schema, codecOf(schema.items ?? {}));
    case "object":
      return makeObjectCodec(schema);
    case undefined:
      return ANY;
  }
  throw notMadeWithT(schema);
}

function makeObjectCodec(schema: JsonSchema): Codec {
  const { properties = {}, required = [], additionalProperties } = schema;
  if (typeof additionalProperties === "object") return mapCodec(codecOf(additionalProperties));
  return objectCodec(
    new Map(Object.entries(properties).map(([key, value]) => [key, codecOf(value)])),
    new Set(required),
  );
}
