import { ArgumentError } from "../../errors/index.js";
import {
  makeSignature,
  type Signature,
  signatureOfObject,
  signatureOfType,
} from "../call/signature.js";
import type { NamedTypes } from "../declaration/declaration.js";
import { parseType } from "../declaration/deferred.js";
import type { FunctionType } from "../types/ctype.js";
import type { CallbackSignature, ScriptFunction, SignatureOf } from "../types/static-types.js";
import { isType } from "../types/type-object.js";

/** The signature of a callback, in any of the ways to write one down. */
export type CallbackDefinition = CallbackSignature | FunctionType | string;

/** The JavaScript function for a callback's signature. */
export type ListenerOf<S> = [SignatureOf<S>] extends [never]
  ? S extends string | FunctionType
    ? (...args: never[]) => unknown
    : S extends CallbackSignature
      ? ScriptFunction<S>
      : never
  : ScriptFunction<SignatureOf<S>>;

/** Reads the signature of a callback. */
export function callbackSignature(value: unknown, types: NamedTypes | undefined): Signature {
  if (typeof value === "string") return ofText(value, types);
  if (isType(value)) {
    if (value.kind === "function") return signatureOfType(value);
    throw new ArgumentError(`signature of a callback must be a function's, got ${value.name}`);
  }
  const { parameters, result, convention } = signatureOfObject("a callback", value);
  return makeSignature(parameters, result, { convention });
}

/** `int (*)(int)`, or `int (int)` for short. */
function ofText(text: string, types: NamedTypes | undefined): Signature {
  const { type } = parseType(text, types);
  if (type.kind === "function") return signatureOfType(type);
  throw new ArgumentError(
    `signature of a callback must be a C function pointer such as "int (*)(int)", got ${type.name}`,
  );
}
