import { ArgumentError } from "../../errors/index.js";
import {
  makeSignature,
  type Signature,
  signatureOfObject,
  signatureOfType,
} from "../call/signature.js";
import { parseDeclaration } from "../declaration/declaration.js";
import type { FunctionType } from "../types/ctype.js";
import type { CallbackOf, CallbackSignature, ScriptFunction } from "../types/static-types.js";
import { isType } from "../types/type-object.js";
import type { NamedTypes } from "./definition.js";

/** The signature of a callback, in any of the ways to write one down. */
export type CallbackDefinition = CallbackSignature | FunctionType | string;

/** The JavaScript function for a callback's signature. */
export type ListenerOf<S> =
  S extends CallbackOf<infer O>
    ? ScriptFunction<O>
    : S extends FunctionType | string
      ? (...args: never[]) => unknown
      : S extends CallbackSignature
        ? ScriptFunction<S>
        : never;

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

/** `int (*)(int)` and `int (int)`: a prototype without a name is given one to be read. */
function ofText(text: string, types: NamedTypes | undefined): Signature {
  const named = text.replace(/\(\s*\*\s*\w*\s*\)/, " callback");
  const hasName = named !== text || /\w\s+\*?\s*\w+\s*\(/.test(text);
  const declaration = parseDeclaration(hasName ? named : text.replace("(", " callback("), types);
  return makeSignature(declaration.parameters, declaration.result);
}
