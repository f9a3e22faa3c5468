import type { StandardSchemaV1 } from "@standard-schema/spec";
import { ServiceError } from "../../errors/index.js";
import { quote } from "../names.js";
import type { Codec } from "./codec.js";
import { at, LibraryMismatch, Mismatch, requireShallow } from "./mismatch.js";

/**
 * The codec of another library's schema. What the schema takes travels, and what it makes of that
 * (defaults, transformations) arrives; so it is asked on both sides, near as well as far.
 */
export function standardCodec(schema: StandardSchemaV1): Codec {
  const judge = (value: unknown): unknown => {
    try {
      return verdictOf(schema["~standard"].validate(value), value);
    } catch (error) {
      // The library went too deep, for which it has no words.
      if (error instanceof RangeError && value !== undefined) requireJson(value);
      throw error;
    }
  };
  const pass = (value: unknown): unknown => {
    const made = judge(value);
    if (value !== undefined) requireJson(value);
    return made;
  };
  return {
    expected: `what a schema of ${schema["~standard"].vendor} takes`,
    isPlain: false,
    check: (value) => void pass(value),
    toWire: (value) => value ?? null,
    fromWire: (wire, form) => {
      if (form !== "json") requireJson(wire);
      return judge(wire);
    },
    pass,
    ...(takesNothing(schema) && { leftOut: () => judge(undefined) }),
  };
}

/** Whether an argument may be left out, as with `z.string().optional()`. */
function takesNothing(schema: StandardSchemaV1): boolean {
  const result = schema["~standard"].validate(undefined);
  if (!(result instanceof Promise)) return result.issues === undefined;
  result.catch(() => undefined); // Told of when a call is made.
  return false;
}

function verdictOf(
  result: ReturnType<StandardSchemaV1["~standard"]["validate"]>,
  value: unknown,
): unknown {
  if (result instanceof Promise) {
    result.catch(() => undefined);
    throw new ServiceError(
      "INTERNAL",
      "a schema validates asynchronously; calls do not wait for it",
    );
  }
  const [issue] = result.issues ?? [];
  if (result.issues === undefined) return result.value;
  throw new LibraryMismatch(issue?.message ?? "does not fit", value, pathOf(issue?.path ?? []));
}

function pathOf(steps: NonNullable<StandardSchemaV1.Issue["path"]>): string {
  return steps.map((step) => placeOf(typeof step === "object" ? step.key : step)).join("");
}

function placeOf(key: PropertyKey): string {
  if (typeof key === "number") return `[${key}]`;
  const name = String(key);
  return /^[A-Za-z_$][\w$]*$/.test(name) ? `.${name}` : `[${quote(name)}]`;
}

/** A schema of another library has no JSON form of its own for a Date, a bigint or a Map. */
function requireJson(value: unknown): void {
  if (value === null || typeof value === "string" || typeof value === "boolean") return;
  if (Number.isFinite(value)) return;
  const isList = Array.isArray(value);
  if (!isList && !isPlainObject(value)) throw new Mismatch("a JSON value", value);
  requireShallow();
  if (isList) {
    for (const [index, item] of value.entries()) at(`[${index}]`, () => requireJson(item));
    return;
  }
  for (const [key, item] of Object.entries(value)) {
    if (item !== undefined) at(placeOf(key), () => requireJson(item));
  }
}

function isPlainObject(value: unknown): value is object {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
