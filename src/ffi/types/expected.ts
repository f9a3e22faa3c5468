import { isAnyArrayBuffer } from "node:util/types";
import { EXPECTATIONS } from "../../errors/index.js";
import type { AggregateType, CType, WriteContext } from "./ctype.js";
import { concreteType, NATIVE_TYPES, type ValueType } from "./types.js";

/** How many names of an enumeration or of fields a message shows. */
const SHOWN_NAMES = 8;

/** Refuses a value that its type does not take. */
export function refuseValue(
  context: WriteContext,
  path: string,
  type: CType,
  value: unknown,
): never {
  context.refuse(path, expectedOf(type, value), value);
}

/**
 * Refuses a field's value. A field that is missing where others are unknown was misspelt: the
 * message is then about the whole object.
 */
export function refuseField(
  context: WriteContext,
  path: string,
  whole: AggregateType,
  object: object,
  field: { readonly name: string; readonly type: CType },
  value: unknown,
): never {
  if (value === undefined) {
    const known = fieldNames(whole);
    const unknown = Object.keys(object).find((key) => !known.includes(key));
    if (unknown !== undefined) {
      const expected = `an object with the fields ${list(known)}, of which ${field.name} is missing`;
      context.refuse(path, `${expected} and "${unknown}" is none`, object);
    }
  }
  refuseValue(context, `${path}.${field.name}`, field.type, value);
}

/** The names of an aggregate's fields; those of anonymous members are its own. */
export function fieldNames(type: AggregateType): string[] {
  return type.fields.flatMap(({ name, type: inner }) => {
    if (name !== undefined) return [name];
    return inner.kind === "struct" || inner.kind === "union" ? fieldNames(inner) : [];
  });
}

/** What a type accepts in memory, in the words of an error message about `value`. */
export function expectedOf(type: CType, value: unknown): string {
  switch (type.kind) {
    case "scalar":
      return expectedScalar(type.value, value);
    case "enum":
      return `one of ${list(Object.keys(type.members))}, or ${expectedScalar(type.value, value)}`;
    case "pointer":
      return expectedScalar("pointer", value);
    case "function":
      return typeof value === "bigint" ? EXPECTATIONS.address : EXPECTATIONS.functionPointer;
    case "struct":
      return `an object with the fields ${list(fieldNames(type))}, or a view of ${type.name}`;
    case "union":
      return `an object with exactly one of ${list(fieldNames(type))}, or a view of ${type.name}`;
    case "array":
      return `an array of ${type.length} (${type.name})`;
    case "opaque":
      throw new Error(`${type.name} has no values`);
  }
}

function expectedScalar(type: ValueType, value: unknown): string {
  const concrete = concreteType(type);
  switch (concrete) {
    case "flag":
      return "true, false, or an integer from 0 to 255";
    case "long":
    case "ulong":
      return EXPECTATIONS[NATIVE_TYPES[concrete]];
    case "extended":
      return EXPECTATIONS.float64;
    case "pointer":
      return expectedPointer(value, EXPECTATIONS.pointerField);
    case "text":
    case "nullableText":
    case "text16":
    case "text32":
      return expectedPointer(value, EXPECTATIONS.text);
    case "void":
      throw new Error("void has no values");
    default:
      return EXPECTATIONS[concrete];
  }
}

function expectedPointer(value: unknown, otherwise: string): string {
  if (typeof value === "bigint") return EXPECTATIONS.address;
  if (typeof value === "string" && value.includes("\0")) return EXPECTATIONS.cString;
  if (typeof value === "string") return "an address, because nothing would keep a string alive";
  const isMemory = ArrayBuffer.isView(value) || isAnyArrayBuffer(value);
  return isMemory && otherwise === EXPECTATIONS.pointerField
    ? EXPECTATIONS.attachedBytes
    : otherwise;
}

function list(names: readonly string[]): string {
  const shown = names.slice(0, SHOWN_NAMES).join(", ");
  return names.length > SHOWN_NAMES ? `${shown}, ...` : shown;
}
