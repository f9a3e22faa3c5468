import { EXPECTATIONS } from "../../errors/index.js";
import type { Codec } from "./codec.js";
import { leafCodec } from "./leaf-codec.js";

export const NULL = leafCodec({ expected: "null", accepts: (value) => value === null });

export const BOOLEAN = leafCodec({
  expected: EXPECTATIONS.bool,
  accepts: (value) => typeof value === "boolean",
});

/** One of some JSON values, equal as JSON Schema has it: 1 and 1.0, objects in any order. */
export function choiceCodec(values: readonly unknown[]): Codec {
  const words = values.map((value) => JSON.stringify(value)).join(", ");
  const scalars = new Set(values);
  const structures = values.filter((value) => typeof value === "object" && value !== null);
  return leafCodec({
    expected: values.length === 1 ? words : `one of ${words}`,
    accepts: (value) =>
      scalars.has(value) || structures.some((structure) => isSameJson(structure, value)),
    isKind: (value) => value !== undefined,
  });
}

/** Looks no further into a value than the JSON beside it goes: it may be anything. */
function isSameJson(json: unknown, value: unknown): boolean {
  if (typeof json !== "object" || json === null) return json === value;
  if (typeof value !== "object" || value === null) return false;
  if (Array.isArray(json) !== Array.isArray(value)) return false;
  const keys = Object.keys(json);
  return (
    keys.length === Object.keys(value).length &&
    keys.every((key) => Object.hasOwn(value, key) && isSameJson(at(json, key), at(value, key)))
  );
}

function at(object: object, key: string): unknown {
  return (object as Readonly<Record<string, unknown>>)[key];
}

export function isBetween(value: number, minimum: number, maximum: number): boolean {
  return value >= minimum && value <= maximum;
}
