import { isMap, isPromise, isRegExp, isSet } from "node:util/types";
import { quote } from "../names.js";
import { ANY } from "./any-codec.js";
import type { Codec, Part } from "./codec.js";
import type { JsonSchema } from "./json-schema.js";
import { at, Mismatch, requireShallow } from "./mismatch.js";
import { isBetween } from "./simple-codecs.js";

/** Objects with known properties, maps with any, and what lies between. */
export function objectCodec(schema: JsonSchema, make: (schema: JsonSchema) => Codec): Codec {
  const { properties = {}, additionalProperties = true } = schema;
  const known = new Map(Object.entries(properties).map(([key, value]) => [key, make(value)]));
  const others = typeof additionalProperties === "object" ? make(additionalProperties) : ANY;
  const takesOthers = additionalProperties !== false;
  const defaults = defaultsOf(properties);
  const expected = `an object${countWords(schema)}`;
  const requireShape = shapeOf(schema, known, expected);
  const names = schema.propertyNames === undefined ? undefined : make(schema.propertyNames);

  /** The entries of a value that has no unknown property and all required ones. */
  const partsOf = (value: unknown): EntryOf[] => {
    const record = requireShape(value);
    const parts: EntryOf[] = [];
    for (const [key, codec] of known) {
      const item = Object.hasOwn(record, key) ? record[key] : undefined;
      const isPart = item !== undefined || schema.required?.includes(key);
      if (isPart) parts.push({ key, place: `.${key}`, codec, value: item });
    }
    if (!takesOthers) return parts;
    for (const [key, item] of Object.entries(record)) {
      const place = `[${quote(key)}]`;
      if (names !== undefined) at(place, () => names.check(key));
      if (!known.has(key)) parts.push({ key, place, codec: others, value: item });
    }
    return parts;
  };

  const isPlain =
    others.isPlain && defaults.length === 0 && [...known.values()].every((codec) => codec.isPlain);
  return {
    expected,
    isPlain,
    check: (value) => {
      for (const part of partsOf(value)) at(part.place, () => part.codec.check(part.value));
    },
    // Object.fromEntries defines its properties: a key "__proto__" stays a key.
    toWire: (value, form) =>
      Object.fromEntries(
        partsOf(value).map(({ key, codec, value }) => [key, codec.toWire(value, form)]),
      ),
    fromWire: (wire, form) => {
      const entries = partsOf(wire).map(({ key, place, codec, value }): [string, unknown] => [
        key,
        at(place, () => codec.fromWire(value, form)),
      ]);
      const given = new Set(entries.map(([key]) => key));
      for (const [key, value] of defaults) {
        if (!given.has(key)) entries.push([key, known.get(key)?.fromWire(value, "json")]);
      }
      return Object.fromEntries(entries);
    },
    parts: partsOf,
  };
}

interface EntryOf extends Part {
  readonly key: string;
}

function defaultsOf(properties: Readonly<Record<string, JsonSchema>>): [string, unknown][] {
  return Object.entries(properties).flatMap(([key, { default: value }]) =>
    value === undefined ? [] : [[key, value] as [string, unknown]],
  );
}

/** A test of what an object's properties are called and how many there are. */
function shapeOf(
  { required = [], additionalProperties, minProperties = 0, maxProperties }: JsonSchema,
  properties: ReadonlyMap<string, Codec>,
  expected: string,
): (value: unknown) => Record<string, unknown> {
  const most = maxProperties ?? Number.POSITIVE_INFINITY;
  const undeclared = required.filter((key) => !properties.has(key));
  const known = [...properties.keys()].join(", ") || "none";
  return (value) => {
    const record = requireRecord(value, expected);
    requireShallow();
    const keys = Object.keys(record);
    if (!isBetween(keys.length, minProperties, most)) {
      throw new Mismatch(expected, value, "", "value");
    }
    const missing = undeclared.find((key) => !Object.hasOwn(record, key));
    if (missing !== undefined) {
      const words = `an object with the property ${quote(missing)}`;
      throw new Mismatch(words, value, "", "value");
    }
    if (additionalProperties !== false) return record;
    const unknown = keys.find((key) => !properties.has(key));
    if (unknown === undefined) return record;
    const words = `an object without the property ${quote(unknown)} (known: ${known})`;
    throw new Mismatch(words, value, "", "unknown");
  };
}

function countWords({ minProperties = 0, maxProperties }: JsonSchema): string {
  if (maxProperties !== undefined) return ` of ${minProperties} to ${maxProperties} properties`;
  return minProperties > 0 ? ` of at least ${minProperties} properties` : "";
}

function requireRecord(value: unknown, expected: string): Record<string, unknown> {
  const isRecord =
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    !ArrayBuffer.isView(value) &&
    !(value instanceof ArrayBuffer) &&
    !(value instanceof Date) &&
    !isEmptied(value);
  if (!isRecord) throw new Mismatch(expected, value);
  return value as Record<string, unknown>;
}

/** Objects without properties, whatever they hold: JSON would make `{}` of them. */
function isEmptied(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === Object.prototype || prototype === null) return false;
  return isMap(value) || isSet(value) || isPromise(value) || isRegExp(value);
}
