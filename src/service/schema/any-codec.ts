import { quote } from "../names.js";
import type { Codec } from "./codec.js";
import type { JsonType } from "./json-schema.js";
import { at, Mismatch } from "./mismatch.js";

/** Whatever JSON holds: no undefined, function, symbol, bigint or number without a JSON form. */
export const ANY: Codec = {
  expected: "a JSON value",
  isPlain: true,
  check: checkJson,
  toJson: (value) => value,
  fromJson: (value) => {
    if (value === undefined) throw new Mismatch(ANY.expected, value);
    return value;
  },
};

/** Values of the types named have a codec; others may be anything. */
export function anyCodec(codecs: ReadonlyMap<JsonType, Codec>): Codec {
  const codecFor = (value: unknown): Codec => codecs.get(typeOf(value)) ?? ANY;
  return {
    expected: ANY.expected,
    isPlain: [...codecs.values()].every((codec) => codec.isPlain),
    check: (value) => codecFor(value).check(value),
    toJson: (value) => codecFor(value).toJson(value),
    fromJson: (json) => codecFor(json).fromJson(json),
    parts: (value) => [{ place: "", codec: codecFor(value), value }],
  };
}

function typeOf(value: unknown): JsonType {
  if (typeof value === "number") return "number";
  if (typeof value === "string") return "string";
  if (Array.isArray(value)) return "array";
  return typeof value === "object" && value !== null ? "object" : "null";
}

function checkJson(value: unknown): void {
  if (value === null || typeof value === "string" || typeof value === "boolean") return;
  if (Number.isFinite(value)) return;
  if (typeof value !== "object" || ArrayBuffer.isView(value) || value instanceof ArrayBuffer) {
    throw new Mismatch(ANY.expected, value);
  }
  if (Array.isArray(value)) {
    value.forEach((item, index) => {
      at(`[${index}]`, () => checkJson(item));
    });
    return;
  }
  for (const [key, item] of Object.entries(value)) at(`[${quote(key)}]`, () => checkJson(item));
}
