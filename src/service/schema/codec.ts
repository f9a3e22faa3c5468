import { ArgumentError } from "../../errors/index.js";
import { anyCodec } from "./any-codec.js";
import { arrayCodec } from "./array-codec.js";
import { ANNOTATIONS, type JsonSchema, type JsonType } from "./json-schema.js";
import { Mismatch } from "./mismatch.js";
import { mixedCodec } from "./mixed-codec.js";
import { integerCodec, numberCodec } from "./number-codecs.js";
import { objectCodec } from "./object-codec.js";
import { hasChildren, type Resolve, resolverOf } from "./references.js";
import { BOOLEAN, choiceCodec, NULL } from "./simple-codecs.js";
import { SPECIAL_CODECS } from "./special-codecs.js";
import { stringCodec } from "./string-codec.js";
import { unionCodec } from "./union-codec.js";

/**
 * What values look like on the way, before they are bytes: `json` is what JSON.parse gives; `cbor`
 * is what CBOR (RFC 8949) can hold, where 64-bit integers, bytes, dates and all doubles are
 * themselves.
 */
export type WireForm = "json" | "cbor";

/**
 * How values of one schema are checked and travel. `check` and `fromWire` throw a Mismatch;
 * `toWire` takes checked values only.
 *
 * No validator library does this: one judges either the value or its JSON form, while these differ
 * for bytes, wide integers, dates and NaN, and has words of its own where ours must be the call
 * engine's. (typebox, measured: 230 ms to import and 160 ms more for its compiler, against 70 ms
 * for all of nearfar.) The tests hold the JSON side to typebox's reading of the same schemas and to
 * JSON Schema's own test suite.
 */
export interface Codec {
  /** What the schema accepts, in the words of an error message: `must be ...`. */
  readonly expected: string;
  /** Either form of every value is the value itself: `toWire` need not run. */
  readonly isPlain: boolean;
  check(value: unknown): void;
  toWire(value: unknown, form: WireForm): unknown;
  fromWire(wire: unknown, form: WireForm): unknown;
  /** The value as the other side has it, without JSON in between. Absent: the value itself. */
  pass?(value: unknown): unknown;
  /** The value of an argument that is left out, where the codec knows of one. */
  leftOut?(): unknown;
  /** Of a container: its own shape is right, and these are to be checked. Else throws. */
  parts?(value: unknown): Iterable<Part>;
}

export interface Part {
  /** `[2]` or `.name`. */
  readonly place: string;
  readonly codec: Codec;
  readonly value: unknown;
}

const codecs = new WeakMap<JsonSchema, Codec>();

/** Those that are made elsewhere. */
const given = new WeakMap<JsonSchema, Codec>();

/**
 * The codec of a schema, made once. Throws an ArgumentError for what `t` does not write, and for a
 * reference that leads nowhere; `lookUp` finds schemas that others have registered.
 */
export function codecOf(
  schema: JsonSchema,
  lookUp?: (id: string) => JsonSchema | undefined,
): Codec {
  let codec = given.get(schema) ?? codecs.get(schema);
  if (codec === undefined) {
    codec = new CodecMaker(schema, lookUp).make(schema);
    codecs.set(schema, codec);
  }
  return codec;
}

/** Gives a schema a codec that is made elsewhere, also where it lies in another schema. */
export function useCodec(schema: JsonSchema, codec: Codec): void {
  given.set(schema, codec);
}

/** The keywords that speak of each type; any other would be silently ignored. */
const KEYWORDS = {
  null: [],
  boolean: [],
  integer: ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "format"],
  number: ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"],
  string: ["minLength", "maxLength", "pattern", "format"],
  array: ["items", "minItems", "maxItems", "uniqueItems"],
  object: [
    ...(["properties", "required", "additionalProperties", "propertyNames"] as const),
    ...(["minProperties", "maxProperties"] as const),
  ],
} as const satisfies Record<JsonType, readonly (keyof JsonSchema)[]>;

/** Keywords that speak of every type. */
const GENERAL = ["const", "enum", "anyOf", "$ref"] as const satisfies readonly (keyof JsonSchema)[];

/** Types that a schema without `type` may speak of; `number` stands for `integer` too. */
const SPOKEN_OF = ["number", "string", "array", "object"] as const;

/** A codec, once it is made. */
interface Place {
  codec: Codec | undefined;
}

class CodecMaker {
  private readonly places = new Map<JsonSchema, Place>();
  private resolver: Resolve | undefined;

  constructor(
    private readonly root: JsonSchema,
    private readonly lookUp?: (id: string) => JsonSchema | undefined,
  ) {
    if (hasChildren(root)) this.resolver = resolverOf(root, lookUp);
  }

  readonly make = (schema: JsonSchema): Codec => {
    const made = given.get(schema);
    if (made !== undefined) return made;
    const known = this.places.get(schema);
    // A reference inside of a schema to itself finds the codec that is being made.
    if (known !== undefined) return known.codec ?? deferred(known);
    requireSchema(schema);
    const place: Place = { codec: undefined };
    this.places.set(schema, place);
    const codec = this.makeAny(schema);
    place.codec = codec;
    requireFit(schema, codec);
    return codec;
  };

  private resolve(from: JsonSchema, reference: string): Codec {
    this.resolver ??= resolverOf(this.root, this.lookUp);
    return this.make(this.resolver(from, reference));
  }

  private makeAny(schema: JsonSchema): Codec {
    const kind = schema["x-kind"];
    if (kind !== undefined && Object.hasOwn(SPECIAL_CODECS, kind)) {
      return SPECIAL_CODECS[kind](schema);
    }
    requireKnownKeywords(schema);
    const { $ref, anyOf, type } = schema;
    const saysMore = GENERAL.some((key) => schema[key] !== undefined);
    if (type !== undefined && !saysMore) return this.typed(schema, type);
    const codecs: Codec[] = [];
    if (schema.const !== undefined) codecs.push(choiceCodec([schema.const]));
    if (schema.enum !== undefined) codecs.push(choiceCodec(schema.enum));
    if (anyOf !== undefined) codecs.push(unionCodec(anyOf.map(this.make)));
    if ($ref !== undefined) codecs.push(this.resolve(schema, $ref));
    if (type !== undefined) codecs.push(this.typed(schema, type));
    else codecs.push(...this.untyped(schema));
    return mixedCodec(codecs);
  }

  private typed(schema: JsonSchema, type: JsonType): Codec {
    switch (type) {
      case "null":
        return NULL;
      case "boolean":
        return BOOLEAN;
      case "integer":
        return integerCodec(schema);
      case "number":
        return numberCodec(schema);
      case "string":
        return stringCodec(schema);
      case "array":
        return arrayCodec(schema, this.make);
      case "object":
        return objectCodec(schema, this.make);
    }
    throw notMadeWithT(schema);
  }

  /** Keywords without a `type` hold for values of their type, and say nothing of others. */
  private untyped(schema: JsonSchema): Codec[] {
    const types = SPOKEN_OF.filter((type) => KEYWORDS[type].some((key) => key in schema));
    if (types.length === 0) return [];
    return [anyCodec(new Map(types.map((type) => [type, this.typed(schema, type)])))];
  }
}

function deferred(place: Place): Codec {
  const codec = (): Codec => {
    if (place.codec !== undefined) return place.codec;
    throw new ArgumentError("schema refers to nothing but itself");
  };
  return {
    get expected() {
      return place.codec?.expected ?? "a value of the schema around it";
    },
    isPlain: false, // Whether it is, is not known yet.
    check: (value) => codec().check(value),
    toWire: (value, form) => codec().toWire(value, form),
    fromWire: (wire, form) => codec().fromWire(wire, form),
    parts: (value) => [{ place: "", codec: codec(), value }],
  };
}

function requireSchema(schema: unknown): asserts schema is JsonSchema {
  if (typeof schema === "object" && schema !== null && !Array.isArray(schema)) return;
  throw notMadeWithT(schema);
}

/** What a schema of some type, or of none, may say. */
const keywordSets = new Map<JsonType | undefined, ReadonlySet<string>>();

function knownKeywords(type: JsonType | undefined): ReadonlySet<string> {
  let keywords = keywordSets.get(type);
  if (keywords === undefined) {
    const spoken = type === undefined ? SPOKEN_OF : [type];
    const own = spoken.flatMap((each) => KEYWORDS[each]);
    keywords = new Set<string>([...ANNOTATIONS, ...GENERAL, "type", ...own]);
    keywordSets.set(type, keywords);
  }
  return keywords;
}

function requireKnownKeywords(schema: JsonSchema): void {
  const { type } = schema;
  const isKnown = typeof type === "string" && Object.hasOwn(KEYWORDS, type);
  if (type !== undefined && !isKnown) throw notMadeWithT(schema);
  const keywords = knownKeywords(type);
  for (const key of Object.keys(schema)) if (!keywords.has(key)) throw notMadeWithT(schema);
}

/** A default or example that does not fit would mislead whoever reads the schema. */
function requireFit(schema: JsonSchema, codec: Codec): void {
  if (schema.default === undefined && schema.examples === undefined) return;
  const given = [...(schema.examples ?? [])];
  if (schema.default !== undefined) given.push(schema.default);
  for (const json of given) {
    try {
      codec.fromWire(json, "json");
    } catch (error) {
      if (!(error instanceof Mismatch)) throw error;
      const label = json === schema.default ? "default" : "example";
      throw new ArgumentError(`${label} of a schema${error.path} must be ${error.expected}`);
    }
  }
}

function notMadeWithT(schema: unknown): ArgumentError {
  return new ArgumentError(`schema must be made with t, got ${JSON.stringify(schema)}`);
}
