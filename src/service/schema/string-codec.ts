import { ArgumentError, EXPECTATIONS } from "../../errors/index.js";
import type { Codec } from "./codec.js";
import { FORMATS, isFormat } from "./formats.js";
import type { JsonSchema } from "./json-schema.js";
import { leafCodec } from "./leaf-codec.js";
import { isBetween } from "./simple-codecs.js";

export function stringCodec(schema: JsonSchema): Codec {
  const { minLength = 0, maxLength = Number.POSITIVE_INFINITY, pattern, format } = schema;
  const isBounded = minLength > 0 || maxLength < Number.POSITIVE_INFINITY;
  const expression = pattern === undefined ? undefined : compile(pattern);
  const known = isFormat(format) ? FORMATS[format] : undefined;
  const expected = known?.expected ?? EXPECTATIONS.string;
  const limits = (isBounded ? lengthWords(minLength, maxLength) : "") + patternWords(pattern);
  return leafCodec({
    expected,
    accepts: (value) =>
      typeof value === "string" &&
      (!isBounded || isBetween(codePoints(value), minLength, maxLength)) &&
      (expression === undefined || expression.test(value)) &&
      (known === undefined || known.accepts(value)),
    explain: (value) => expected + (typeof value === "string" ? limits : ""),
    isKind: (value) => typeof value === "string",
  });
}

function compile(pattern: string): RegExp {
  try {
    return new RegExp(pattern, "u");
  } catch {
    throw new ArgumentError(
      `pattern of a schema must be a regular expression, got ${JSON.stringify(pattern)}`,
    );
  }
}

function patternWords(pattern: string | undefined): string {
  return pattern === undefined ? "" : ` that matches /${pattern}/`;
}

function lengthWords(minimum: number, maximum: number): string {
  if (maximum === Number.POSITIVE_INFINITY) return ` of at least ${minimum} characters`;
  return ` of ${minimum} to ${maximum} characters`;
}

function codePoints(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}
