import { quote } from "../names.js";
import type { Codec } from "./codec.js";
import type { JsonType } from "./json-schema.js";
import { at, atRoot, levelsLeft, Mismatch, requireShallow } from "./mismatch.js";

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
    // What JSON.parse gave is JSON.
    const isJson = form === "json" && value !== undefined;
    if (!isJson || isDeeper(value, levelsLeft())) checkJson(value);
    return value;
  },
};

/** A JSON value, or a list of them, in a message of this package's own; checked by itself, too. */
export const CONTENT: Codec = {
  ...ANY,
  check: (value) => atRoot(() => ANY.check(value)),
  fromWire: (value, form) => atRoot(() => ANY.fromWire(value, form)),
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

/**
 * Without a place, which `checkJson` finds: this is run on all that arrives. Loops without a list of
 * their own take a twentieth of the time of JSON.parse, where Object.values takes a fifth.
 */
function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (levels === 0) return true;
  if (Array.isArray(value)) {
    for (const item of value) if (isDeeper(item, levels - 1)) return true;
    return false;
  }
  const record = value as Readonly<Record<string, unknown>>;
  for (const key in record) if (isDeeper(record[key], levels - 1)) return true;
  return false;
}

function checkJson(value: unknown): void {
  if (value === null || typeof value === "string" || typeof value === "boolean") return;
  if (Number.isFinite(value)) return;
  if (typeof value !== "object" || !isJsonObject(value)) throw new Mismatch(ANY.expected, value);
  requireShallow();
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) {
      at(`[${index}]`, () => checkJson(item));
    }
    return;
  }
  for (const [key, item] of Object.entries(value)) {
    at(`[${quote(key)}]`, () => checkJson(item));
  }
}

/** Arrays, plain objects and instances of classes of a program's own. */
function isJsonObject(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === Object.prototype || prototype === null || Array.isArray(value)) return true;
  return Object.prototype.toString.call(value) === "[object Object]";
}
