import type { Codec } from "./codec.js";
import { at, Mismatch } from "./mismatch.js";
import { quote } from "./names.js";
import type { JsonSchema } from "./schema.js";
import { isBetween } from "./simple-codecs.js";

export function arrayCodec(schema: JsonSchema, item: Codec): Codec {
  const { minItems = 0, maxItems = Number.POSITIVE_INFINITY } = schema;
  const expected = `an array${itemWords(minItems, maxItems)}`;
  const requireArray = (value: unknown): readonly unknown[] => {
    if (!Array.isArray(value) || !isBetween(value.length, minItems, maxItems)) {
      throw new Mismatch(expected, value);
    }
    return value;
  };
  return {
    expected,
    isPlain: item.isPlain,
    // A counting loop visits holes too, which JSON would turn into null.
    check: (value) => {
      const elements = requireArray(value);
      for (let index = 0; index < elements.length; index++) {
        at(`[${index}]`, () => item.check(elements[index]));
      }
    },
    toJson: (value) => (item.isPlain ? value : (value as unknown[]).map(item.toJson)),
    fromJson: (json) =>
      requireArray(json).map((element, index) => at(`[${index}]`, () => item.fromJson(element))),
  };
}

function itemWords(minimum: number, maximum: number): string {
  if (maximum < Number.POSITIVE_INFINITY) return ` of ${minimum} to ${maximum} items`;
  return minimum > 0 ? ` of at least ${minimum} items` : "";
}

export function objectCodec(
  properties: ReadonlyMap<string, Codec>,
  required: ReadonlySet<string>,
): Codec {
  const expected = "an object";
  const known = [...properties.keys()].join(", ") || "none";
  /** The entries of a value that has no unknown property and all required ones. */
  const entriesOf = (value: unknown): [string, Codec, unknown][] => {
    const record = requireRecord(value, expected);
    for (const key of Object.keys(record)) {
      if (!properties.has(key)) {
        const words = `an object without the property ${quote(key)} (known: ${known})`;
        throw new Mismatch(words, value);
      }
    }
    const entries: [string, Codec, unknown][] = [];
    for (const [key, codec] of properties) {
      const item = Object.hasOwn(record, key) ? record[key] : undefined;
      if (item !== undefined || required.has(key)) entries.push([key, codec, item]);
    }
    return entries;
  };
  return {
    expected,
    isPlain: [...properties.values()].every((codec) => codec.isPlain),
    check: (value) => {
      for (const [key, codec, item] of entriesOf(value)) at(`.${key}`, () => codec.check(item));
    },
    toJson: (value) => {
      const entries = entriesOf(value);
      return Object.fromEntries(entries.map(([key, codec, item]) => [key, codec.toJson(item)]));
    },
    fromJson: (json) =>
      Object.fromEntries(
        entriesOf(json).map(([key, codec, item]) => [
          key,
          at(`.${key}`, () => codec.fromJson(item)),
        ]),
      ),
  };
}

export function mapCodec(values: Codec): Codec {
  const expected = "an object";
  const entriesOf = (value: unknown): [string, unknown][] =>
    Object.entries(requireRecord(value, expected));
  const place = (key: string): string => `[${quote(key)}]`;
  return {
    expected,
    isPlain: values.isPlain,
    check: (value) => {
      for (const [key, item] of entriesOf(value)) at(place(key), () => values.check(item));
    },
    // Object.fromEntries defines its properties: a key "__proto__" stays a key.
    toJson: (value) =>
      Object.fromEntries(entriesOf(value).map(([key, item]) => [key, values.toJson(item)])),
    fromJson: (json) =>
      Object.fromEntries(
        entriesOf(json).map(([key, item]) => [key, at(place(key), () => values.fromJson(item))]),
      ),
  };
}

function requireRecord(value: unknown, expected: string): Record<string, unknown> {
  const isRecord =
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    !ArrayBuffer.isView(value) &&
    !(value instanceof ArrayBuffer);
  if (!isRecord) throw new Mismatch(expected, value);
  return value as Record<string, unknown>;
}
