import {
  isArrayBuffer,
  isDate,
  isMap,
  isNativeError,
  isPromise,
  isProxy,
  isRegExp,
  isSet,
  isSharedArrayBuffer,
} from "node:util/types";
import { EXPECTATIONS } from "./expectations.js";

/** Codes of a caller's mistake, as `node:ffi` and the rest of Node use them. */
export type ArgumentErrorCode =
  | "ERR_INVALID_ARG_TYPE"
  | "ERR_INVALID_ARG_VALUE"
  | "ERR_UNKNOWN_ENCODING";

/**
 * A value that a function does not accept. A `TypeError` with Node's codes, so that programs
 * written for `node:ffi` can tell it the way they do there.
 */
export class ArgumentError extends TypeError {
  readonly code: ArgumentErrorCode;

  constructor(message: string, code: ArgumentErrorCode = "ERR_INVALID_ARG_VALUE") {
    super(message);
    this.name = "TypeError";
    this.code = code;
  }
}

/**
 * The one wording of a refused argument, near and far: `argument 1 (algorithm) must be a string,
 * got 5`. `index` counts from 0.
 */
export function argumentMessage(
  index: number,
  name: string | undefined,
  expected: string,
  value: unknown,
): string {
  return `${argumentLabel(index, name)} must be ${expected}, got ${describeValue(value)}`;
}

/** `argument 2 (y)`; a parameter without a name of its own is called `arg2` and shown without. */
export function argumentLabel(index: number, name: string | undefined): string {
  const isNamed = name !== undefined && name !== unnamedParameter(index);
  return isNamed ? `argument ${index + 1} (${name})` : `argument ${index + 1}`;
}

/** The name of a parameter that was declared without one. */
export function unnamedParameter(index: number): string {
  return `arg${index + 1}`;
}

/** The wording of an argument, or a part of one, whose memory is gone. */
export function detachedMessage(label: string): string {
  return `${label} must be ${EXPECTATIONS.attachedBytes}, got a detached buffer or freed memory`;
}

/** The wording of a call with too few or too many arguments. */
export function arityMessage(expected: string, got: number): string {
  return `expected ${expected} ${expected === "1" ? "argument" : "arguments"}, got ${got}`;
}

/**
 * A value in an error message. Contents of strings and buffers are never shown: they may be keys.
 * No code of the value's own runs, be it a proxy or an object with properties that lie.
 */
export function describeValue(value: unknown): string {
  switch (typeof value) {
    case "string":
      return `a string of ${value.length} ${value.length === 1 ? "character" : "characters"}`;
    case "number":
      return Object.is(value, -0) ? "-0" : String(value);
    case "bigint":
      return BigInt.asIntN(MOST_BITS, value) === value ? `${value}n` : "a very large bigint";
    case "boolean":
    case "undefined":
      return String(value);
    case "symbol":
      return "a symbol";
    case "function":
      return "a function";
    case "object":
      return describeObject(value);
  }
}

/** A bigint beyond this would fill the message. */
const MOST_BITS = 256;

function describeObject(value: object | null): string {
  if (value === null) return "null";
  if (isProxy(value)) return "a proxy";
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (ArrayBuffer.isView(value)) return describeView(value);
  if (isArrayBuffer(value)) return `an ArrayBuffer of ${bufferBytes(value)} bytes`;
  return OBJECTS.find(([is]) => is(value))?.[1] ?? "an object";
}

/** Objects whose kind explains why they were refused. */
const OBJECTS = [
  [isMap, "a Map"],
  [isSet, "a Set"],
  [isPromise, "a promise"],
  [isDate, "a Date"],
  [isRegExp, "a RegExp"],
  [isNativeError, "an Error"],
  [isSharedArrayBuffer, "a SharedArrayBuffer"],
] as const satisfies readonly [is: (value: unknown) => boolean, words: string][];

function describeView(view: ArrayBufferView): string {
  const tag = typedArrayTag(view) ?? "DataView";
  const type = Object.getPrototypeOf(view) === Buffer.prototype ? "Buffer" : tag;
  try {
    const bytes = tag === "DataView" ? dataViewBytes(view) : typedArrayBytes(view);
    return `${withArticle(type)} of ${bytes} bytes`;
  } catch {
    return `a detached ${type}`; // A DataView throws where other views have no bytes.
  }
}

/** The name of a type of views after its article: "an Int8Array", "a Uint8Array". */
export function withArticle(type: string): string {
  return `${type.startsWith("I") ? "an" : "a"} ${type}`;
}

/** The language's own getters, whatever properties a value may have. */
const typedArray: object = Object.getPrototypeOf(Uint8Array.prototype);
const typedArrayTag = getter<string | undefined>(typedArray, Symbol.toStringTag);
const typedArrayBytes = getter<number>(typedArray, "byteLength");
const dataViewBytes = getter<number>(DataView.prototype, "byteLength");
const bufferBytes = getter<number>(ArrayBuffer.prototype, "byteLength");

function getter<T>(owner: object, name: PropertyKey): (value: object) => T {
  return (value) => Reflect.get(owner, name, value) as T;
}
