import { quote } from "../names.js";
import type { Codec } from "./codec.js";
import type { JsonType } from "./json-schema.js";
import { at, Mismatch } from "./mismatch.js";

/** Whatever JSON holds: no undefined, function, symbol, bigint or number without a JSON form. */
export const ANY: Codec = {
  expected: "a JSON value",
  isPlain: true,
  check: checkJson,
  toWire: (value) => value,
  fromWire: (value, form) => {
    // What JSON.parse gave needs no further look.
    if (form !== "json" || value === undefined) checkJson(value);
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
    toWire: (value, form) => codecFor(value).toWire(value, form),
    fromWire: (wire, form) => codecFor(wire).fromWire(wire, form),
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
  const isForeign =
    typeof value !== "object" ||
    ArrayBuffer.isView(value) ||
    value instanceof ArrayBuffer ||
    value instanceof Date;
  if (isForeign) {
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
