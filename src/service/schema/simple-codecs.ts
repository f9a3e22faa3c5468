import { EXPECTATIONS } from "../../errors/index.js";
import { canonicalJson } from "./canonical-json.js";
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
  const structures = new Set(
    values.filter((value) => typeof value === "object" && value !== null).map(canonicalJson),
  );
  return leafCodec({
    expected: values.length === 1 ? words : `one of ${words}`,
    accepts: (value) =>
      scalars.has(value) ||
      (structures.size > 0 &&
        typeof value === "object" &&
        value !== null &&
        structures.has(canonicalJson(value))),
    isKind: (value) => value !== undefined,
  });
}

export function isBetween(value: number, minimum: number, maximum: number): boolean {
  return value >= minimum && value <= maximum;
}
