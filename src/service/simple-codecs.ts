import { EXPECTATIONS } from "../errors/index.js";
import type { Codec } from "./codec.js";
import { leafCodec } from "./leaf-codec.js";
import { at, Mismatch } from "./mismatch.js";
import { quote } from "./names.js";
import type { JsonSchema, LiteralValue } from "./schema.js";

/** Codecs of values that are their own JSON form. */
export const NULL = leafCodec({ expected: "null", accepts: (value) => value === null });

export const BOOLEAN = leafCodec({
  expected: EXPECTATIONS.bool,
  accepts: (value) => typeof value === "boolean",
});

export const NUMBER = leafCodec({ expected: "a finite number", accepts: Number.isFinite });

export function integerCodec({
  minimum = Number.MIN_SAFE_INTEGER,
  maximum = Number.MAX_SAFE_INTEGER,
}: JsonSchema): Codec {
  return leafCodec({
    expected: `an integer from ${minimum} to ${maximum}`,
    accepts: (value) =>
      Number.isInteger(value) && (value as number) >= minimum && (value as number) <= maximum,
  });
}

export function choiceCodec(values: readonly LiteralValue[]): Codec {
  const words = values.map((value) => JSON.stringify(value)).join(", ");
  const allowed = new Set<unknown>(values);
  return leafCodec({
    expected: values.length === 1 ? words : `one of ${words}`,
    accepts: (value) => allowed.has(value),
  });
}

export function stringCodec(schema: JsonSchema): Codec {
  const { minLength = 0, maxLength = Number.POSITIVE_INFINITY, pattern } = schema;
  const isBounded = minLength > 0 || maxLength < Number.POSITIVE_INFINITY;
  const expression = pattern === undefined ? undefined : new RegExp(pattern, "u");
  const limits = (isBounded ? lengthWords(minLength, maxLength) : "") + patternWords(pattern);
  return leafCodec({
    expected: EXPECTATIONS.string,
    accepts: (value) =>
      typeof value === "string" &&
      (!isBounded || isBetween(codePoints(value), minLength, maxLength)) &&
      (expression === undefined || expression.test(value)),
    explain: (value) => EXPECTATIONS.string + (typeof value === "string" ? limits : ""),
  });
}

function patternWords(pattern: string | undefined): string {
  return pattern === undefined ? "" : ` that matches /${pattern}/`;
}

function lengthWords(minimum: number, maximum: number): string {
  if (maximum === Number.POSITIVE_INFINITY) return ` of at least ${minimum} characters`;
  return ` of ${minimum} to ${maximum} characters`;
}

export function isBetween(value: number, minimum: number, maximum: number): boolean {
  return value >= minimum && value <= maximum;
}

function codePoints(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}

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
