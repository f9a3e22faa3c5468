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

function makeCodec(schema: JsonSchema): Codec {
  const kind = schema["x-kind"];
  if (kind !== undefined && Object.hasOwn(SPECIAL_CODECS, kind)) {
    return SPECIAL_CODECS[kind](schema);
  }
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
      if (Object.keys(schema).every((key) => key === "description")) return ANY;
  }
  throw new ArgumentError(`schema must be made with t, got ${JSON.stringify(schema)}`);
}

function makeObjectCodec(schema: JsonSchema): Codec {
  const { properties = {}, required = [], additionalProperties } = schema;
  if (typeof additionalProperties === "object") return mapCodec(codecOf(additionalProperties));
  return objectCodec(
    new Map(Object.entries(properties).map(([key, value]) => [key, codecOf(value)])),
    new Set(required),
  );
}
