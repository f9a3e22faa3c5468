import type { JsonSchema } from "../service/index.js";
import { codecOf } from "../service/schema/codec.js";
import type { Resolve } from "../service/schema/references.js";
import { generateString } from "./generate-string.js";
import { integerFrom, pickFrom, type Random } from "./random.js";

/** What the generation of a value needs to know on its way down. */
export interface Generation {
  readonly random: Random;
  readonly resolve: Resolve;
  readonly depth: number;
}

/** From here on as little as a schema allows, so that one that contains itself comes to an end. */
const MAX_DEPTH = 4;

/** A value that a schema is likely to accept; it is checked, and made again, by the caller. */
export function generate(schema: JsonSchema, at: Generation): unknown {
  const { random } = at;
  const given = [...(schema.examples ?? [])];
  if (schema.default !== undefined) given.push(schema.default);
  const [first, ...others] = given;
  if (first !== undefined && schema.$ref === undefined) {
    const json = pickFrom(random, [first, ...others]);
    return schema["x-kind"] === "standard" ? json : codecOf(schema).fromWire(json, "json");
  }
  const kind = schema["x-kind"];
  if (kind !== undefined && kind !== "standard" && kind !== "cString") {
    return SPECIAL[kind](random);
  }
  if (schema.$ref !== undefined) {
    return generate(at.resolve(schema, schema.$ref), { ...at, depth: at.depth + 1 });
  }
  if (schema.const !== undefined) return schema.const;
  if (schema.enum !== undefined) return schema.enum[integerFrom(random, 0, schema.enum.length - 1)];
  if (schema.anyOf !== undefined) return generate(branchOf(schema.anyOf, at), at);
  return ofType(schema, at);
}

function ofType(schema: JsonSchema, at: Generation): unknown {
  const { random } = at;
  switch (schema.type) {
    case "null":
      return null;
    case "boolean":
      return random() < 0.5;
    case "integer":
      return numberOf(schema, random, 1);
    case "number":
      return numberOf(schema, random, schema.multipleOf ?? 0.125);
    case "string":
      return generateString(schema, random);
    case "array":
      return arrayOf(schema, at);
    case "object":
      return objectOf(schema, at);
  }
  return pickFrom<unknown>(random, [null, true, 42, "text", [], {}]);
}

const SPECIAL = {
  void: () => undefined,
  int64: (random) => BigInt(integerFrom(random, -(2 ** 40), 2 ** 40)) * 2n ** 22n,
  uint64: (random) => BigInt(integerFrom(random, 0, 2 ** 41)) * 2n ** 22n,
  float64: (random) => (random() - 0.5) * 2000,
  bytes: bytesOf,
  data: (random) => (random() < 0.5 ? generateString({}, random) : bytesOf(random)),
  datetime: (random) => new Date(integerFrom(random, 0, 4_102_444_799_999)), // To the end of 2099.
  pointer: () => null,
} as const satisfies Record<
  Exclude<NonNullable<JsonSchema["x-kind"]>, "standard" | "cString">,
  (random: Random) => unknown
>;

function bytesOf(random: Random): Uint8Array {
  return Uint8Array.from({ length: integerFrom(random, 0, 16) }, () => random() * 256);
}

/** Deep down a branch that does not lead further is taken, where there is one. */
function branchOf(branches: readonly JsonSchema[], { random, depth }: Generation): JsonSchema {
  const leaves = branches.filter(({ $ref, type }) => {
    return $ref === undefined && type !== "array" && type !== "object";
  });
  const among = depth >= MAX_DEPTH && leaves.length > 0 ? leaves : branches;
  return among[integerFrom(random, 0, among.length - 1)] ?? {};
}

/** How far from a single limit a number may be. */
const SPAN = 1000;

function numberOf(schema: JsonSchema, random: Random, step: number): number {
  const { exclusiveMinimum, exclusiveMaximum, multipleOf = step } = schema;
  const low = Math.max(
    schema.minimum ?? Number.NEGATIVE_INFINITY,
    exclusiveMinimum === undefined ? Number.NEGATIVE_INFINITY : exclusiveMinimum + multipleOf / 2,
  );
  const high = Math.min(
    schema.maximum ?? Number.POSITIVE_INFINITY,
    exclusiveMaximum === undefined ? Number.POSITIVE_INFINITY : exclusiveMaximum - multipleOf / 2,
  );
  const start = Number.isFinite(low) ? low : Math.min(-SPAN / 2, high - SPAN);
  const end = Number.isFinite(high) ? high : Math.max(SPAN / 2, start + SPAN);
  const steps = Math.floor(end / multipleOf) - Math.ceil(start / multipleOf);
  const count = Math.ceil(start / multipleOf) + Math.floor(random() * (steps + 1));
  // A product of doubles may miss the decimal that it stands for.
  return Number((count * multipleOf).toPrecision(15));
}

function arrayOf(schema: JsonSchema, at: Generation): unknown[] {
  const { minItems = 0, maxItems = minItems + 3, items = {} } = schema;
  const most = at.depth >= MAX_DEPTH ? minItems : Math.min(maxItems, minItems + 3);
  const length = integerFrom(at.random, minItems, most);
  return Array.from({ length }, () => generate(items, { ...at, depth: at.depth + 1 }));
}

function objectOf(schema: JsonSchema, at: Generation): Record<string, unknown> {
  const { properties = {}, required = [], additionalProperties: others, propertyNames } = schema;
  const inner = { ...at, depth: at.depth + 1 };
  const isDeep = at.depth >= MAX_DEPTH;
  const entries = Object.entries(properties)
    .filter(([key]) => required.includes(key) || (!isDeep && at.random() < 0.5))
    .map(([key, value]): [string, unknown] => [key, generate(value, inner)]);
  if (typeof others === "object") {
    const { minProperties = 0, maxProperties = minProperties + 2 } = schema;
    const most = isDeep ? minProperties : Math.min(maxProperties, minProperties + 2);
    const keys = propertyNames ?? { type: "string", minLength: 1, maxLength: 8 };
    while (entries.length < integerFrom(at.random, minProperties, most)) {
      entries.push([String(generate(keys, inner)), generate(others, inner)]);
    }
  }
  return Object.fromEntries(entries);
}
