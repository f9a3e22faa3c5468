import type { Codec } from "./codec.js";
import type { JsonSchema } from "./json-schema.js";
import { leafCodec } from "./leaf-codec.js";
import { isMultiple } from "./multiple.js";

/** An integer that a double holds exactly. */
export function integerCodec({
  minimum = Number.MIN_SAFE_INTEGER,
  maximum = Number.MAX_SAFE_INTEGER,
  ...rest
}: JsonSchema): Codec {
  const limits = limitsOf(rest);
  const expected = `an integer from ${minimum} to ${maximum}${limits?.words ?? ""}`;
  const isBetween = (value: unknown): boolean =>
    Number.isInteger(value) && (value as number) >= minimum && (value as number) <= maximum;
  return leafCodec({
    expected,
    accepts:
      limits === undefined
        ? isBetween
        : (value) => isBetween(value) && limits.hold(value as number),
    isKind: Number.isInteger,
  });
}

const FINITE = leafCodec({
  expected: "a finite number",
  accepts: Number.isFinite,
  isKind: Number.isFinite,
});

/** A finite number. */
export function numberCodec(schema: JsonSchema): Codec {
  const limits = limitsOf(schema);
  if (limits === undefined) return FINITE;
  return leafCodec({
    expected: `a finite number${limits.words}`,
    accepts: (value) => Number.isFinite(value) && limits.hold(value as number),
    isKind: Number.isFinite,
  });
}

interface Limits {
  readonly words: string;
  hold(value: number): boolean;
}

function limitsOf({
  minimum,
  maximum,
  exclusiveMinimum,
  exclusiveMaximum,
  multipleOf,
}: JsonSchema): Limits | undefined {
  const tests: [words: string, holds: (value: number) => boolean][] = [];
  if (minimum !== undefined) tests.push([`of at least ${minimum}`, (value) => value >= minimum]);
  if (maximum !== undefined) tests.push([`of at most ${maximum}`, (value) => value <= maximum]);
  if (exclusiveMinimum !== undefined) {
    tests.push([`greater than ${exclusiveMinimum}`, (value) => value > exclusiveMinimum]);
  }
  if (exclusiveMaximum !== undefined) {
    tests.push([`less than ${exclusiveMaximum}`, (value) => value < exclusiveMaximum]);
  }
  if (multipleOf !== undefined) {
    tests.push([`that is a multiple of ${multipleOf}`, (value) => isMultiple(value, multipleOf)]);
  }
  if (tests.length === 0) return undefined;
  return {
    words: tests.map(([words]) => ` ${words}`).join(" and"),
    hold: (value) => tests.every(([, holds]) => holds(value)),
  };
}
