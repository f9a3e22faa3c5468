import { type Codec, codecOf } from "./codec.js";
import type { Schema } from "./json-schema.js";
import { at, Mismatch, type MismatchCode, TooDeep } from "./mismatch.js";

/** `required`: a property or the whole value is missing. */
export type ValidationCode = MismatchCode | "required";

export interface ValidationError {
  /** Where in the value: `.items[2]`; empty for the value itself. */
  readonly path: string;
  readonly message: string;
  readonly code: ValidationCode;
}

/**
 * All that keeps a value from fitting a schema; nothing if it fits. `form: "json"` judges the JSON
 * form of a value, as it travels. Of a union one error is told. Throws an ArgumentError for a
 * schema that `t` does not write.
 */
export function validate(
  schema: Schema,
  value: unknown,
  { form = "value" }: { readonly form?: "value" | "json" } = {},
): ValidationError[] {
  return validateWith(codecOf(schema), value, form);
}

export function validateWith(
  codec: Codec,
  value: unknown,
  form: "value" | "json",
): ValidationError[] {
  const errors: ValidationError[] = [];
  try {
    collect(codec, value, form, "", errors);
  } catch (error) {
    if (!(error instanceof TooDeep)) throw error;
    errors.push({ path: "", message: error.describe("value"), code: error.code });
  }
  return errors;
}

function collect(
  codec: Codec,
  value: unknown,
  form: "value" | "json",
  path: string,
  errors: ValidationError[],
): void {
  const before = errors.length;
  try {
    for (const part of codec.parts?.(value) ?? []) {
      const { place, codec, value } = part;
      if (place === "") collect(codec, value, form, path, errors);
      else at(place, () => collect(codec, value, form, path + place, errors));
    }
    // What its parts do not tell: a leaf's own test, equal items, defaults.
    if (errors.length > before) return;
    if (form === "json") codec.fromWire(value, "json");
    else codec.check(value);
  } catch (error) {
    if (!(error instanceof Mismatch) || error instanceof TooDeep) throw error;
    const located = error.within(path);
    const code = error.value === undefined ? "required" : error.code;
    errors.push({ path: located.path, message: located.describe("value"), code });
  }
}
