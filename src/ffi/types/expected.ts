import { isAnyArrayBuffer } from "node:util/types";
import { EXPECTATIONS } from "../../errors/index.js";
import type { AggregateType, CType, PointerType, WriteContext } from "./ctype.js";
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

/** As `expectedOf`, of an argument: strings and functions too, which the call keeps. */
export function expectedArgument(type: CType, value: unknown): string {
  switch (type.kind) {
    case "function":
      return expectedAddress(value, EXPECTATIONS.callback);
    case "pointer":
      return expectedPointer(value, `an address (a bigint), memory, null, or ${pointed(type)}`);
    case "scalar":
      return argumentScalar(type.value, value);
    default:
      return expectedOf(type, value);
  }
}

/** As `expectedOf`, of what a callback returns: nothing would keep a string or a function. */
export function expectedResult(type: CType, value: unknown): string {
  const isAddress =
    type.kind === "pointer" ||
    type.kind === "function" ||
    (type.kind === "scalar" && NATIVE_TYPES[type.value] === "pointer");
  return isAddress ? expectedPointer(value, EXPECTATIONS.ownedPointer) : expectedOf(type, value);
}

/** What is copied for a pointer. */
function pointed({ target }: PointerType): string {
  const { kind, name } = target();
  return kind === "struct" || kind === "union" ? `a ${name} or an array` : `an array of ${name}`;
}

function argumentScalar(type: ValueType, value: unknown): string {
  switch (type) {
    case "text":
      return typeof value === "string" ? EXPECTATIONS.cString : EXPECTATIONS.string;
    case "nullableText":
    case "text16":
    case "text32":
      return typeof value === "string" ? EXPECTATIONS.cString : EXPECTATIONS.nullableString;
    case "pointer":
      if (typeof value === "string") return EXPECTATIONS.cString;
      return expectedPointer(value, EXPECTATIONS.pointer);
    default:
      return expectedScalar(type, value);
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
      return keptText(value) ?? expectedPointer(value, EXPECTATIONS.pointerField);
    case "text":
    case "nullableText":
    case "text16":
    case "text32":
      return keptText(value) ?? expectedAddress(value, EXPECTATIONS.text);
    case "void":
      throw new Error("void has no values");
    default:
      return EXPECTATIONS[concrete];
  }
}

/** What is wrong with a string whose address is to stay in memory; undefined for anything else. */
function keptText(value: unknown): string | undefined {
  if (typeof value !== "string") return undefined;
  if (value.includes("\0")) return EXPECTATIONS.cString;
  return "an address, because nothing would keep a string alive";
}

/** Where memory is taken, it was refused because it is detached. */
function expectedPointer(value: unknown, otherwise: string): string {
  const isMemory = ArrayBuffer.isView(value) || isAnyArrayBuffer(value);
  return isMemory ? EXPECTATIONS.attachedBytes : expectedAddress(value, otherwise);
}

function expectedAddress(value: unknown, otherwise: string): string {
  return typeof value === "bigint" ? EXPECTATIONS.address : otherwise;
}

function list(names: readonly string[]): string {
  const shown = names.slice(0, SHOWN_NAMES).join(", ");
  return names.length > SHOWN_NAMES ? `${shown}, ...` : shown;
}
