import { canonicalJson } from "./canonical-json.js";
import type { Codec } from "./codec.js";
import type { JsonSchema } from "./json-schema.js";
import { at, Mismatch, requireShallow } from "./mismatch.js";
import { isBetween } from "./simple-codecs.js";

export function arrayCodec(schema: JsonSchema, make: (schema: JsonSchema) => Codec): Codec {
  const { minItems = 0, maxItems = Number.POSITIVE_INFINITY, uniqueItems = false } = schema;
  const item = make(schema.items ?? {});
  const expected = `an array${itemWords(minItems, maxItems)}`;
  const requireArray = (value: unknown): readonly unknown[] => {
    if (!Array.isArray(value)) throw new Mismatch(expected, value);
    requireShallow();
    if (isBetween(value.length, minItems, maxItems)) return value;
    throw new Mismatch(expected, value, "", "value");
  };
  const requireUnique = (values: readonly unknown[]): void => {
    if (!uniqueItems) return;
    const distinct = new Set(values.map((each) => canonicalJson(item.toWire(each, "json"))));
    if (distinct.size === values.length) return;
    throw new Mismatch("an array without equal items", values, "", "duplicate");
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
      requireUnique(elements);
    },
    toWire: (value, form) =>
      item.isPlain ? value : (value as unknown[]).map((each) => item.toWire(each, form)),
    fromWire: (wire, form) => {
      const elements = requireArray(wire);
      const values = elements.map((element, index) =>
        at(`[${index}]`, () => item.fromWire(element, form)),
      );
      requireUnique(values);
      return values;
    },
    parts: (value) =>
      Array.from(requireArray(value), (element, index) => ({
        place: `[${index}]`,
        codec: item,
        value: element,
      })),
  };
}

function itemWords(minimum: number, maximum: number): string {
  if (maximum < Number.POSITIVE_INFINITY) return ` of ${minimum} to ${maximum} items`;
  return minimum > 0 ? ` of at least ${minimum} items` : "";
}
