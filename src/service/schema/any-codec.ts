import { MAX_JSON_DEPTH } from "../../internal/limits.js";
import { quote } from "../names.js";
import type { Codec } from "./codec.js";
import type { JsonType } from "./json-schema.js";
import { at, Mismatch } from "./mismatch.js";

/**
 * Whatever JSON holds: no undefined, function, symbol, bigint or number without a JSON form, and no
 * object that JSON would empty, as a Map or a promise.
 */
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
  try {
    checkParts(value, MAX_JSON_DEPTH);
  } catch (error) {
    if (!(error instanceof TooDeep)) throw error;
    throw new Mismatch(`${ANY.expected} of at most ${MAX_JSON_DEPTH} levels`, value);
  }
}

/** The place would be as long as the value is deep, so it is not told; a cycle ends here, too. */
class TooDeep extends Error {}

function checkParts(value: unknown, levels: number): void {
  if (value === null || typeof value === "string" || typeof value === "boolean") return;
  if (Number.isFinite(value)) return;
  if (typeof value !== "object" || !isJsonObject(value)) throw new Mismatch(ANY.expected, value);
  if (levels === 0) throw new TooDeep();
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) {
      at(`[${index}]`, () => checkParts(item, levels - 1));
    }
    return;
  }
  for (const [key, item] of Object.entries(value)) {
    at(`[${quote(key)}]`, () => checkParts(item, levels - 1));
  }
}

/** Arrays, plain objects and instances of classes of a program's own. */
function isJsonObject(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === Object.prototype || prototype === null || Array.isArray(value)) return true;
  return Object.prototype.toString.call(value) === "[object Object]";
}
