import { ArgumentError, NativeError } from "../../errors/index.js";
import {
  type Signature,
  signatureOfDeclaration,
  signatureOfObject,
  signatureOfType,
} from "../call/signature.js";
import type { NamedTypes } from "../declaration/declaration.js";
import type { FunctionAtOf } from "../declaration/declaration-types.js";
import { parseFunctionType } from "../declaration/deferred.js";
import type { Declaration } from "../declaration/function-declaration.js";
import { requireAddress } from "../memory/memory.js";
import type { FunctionType } from "../types/ctype.js";
import type { ArgumentOf, CallbackSignature, SignatureOf, ValueOf } from "../types/static-types.js";
import type { TypeSpec } from "../types/type-names.js";
import { isType } from "../types/type-object.js";
import type {
  AnyFunction,
  ForeignFunction,
  FunctionOfSignature,
  FunctionSignature,
} from "../types/value-types.js";
import { type FunctionOptions, isParsed, signatureOptions } from "./definition.js";

/**
 * What is at an address: a C function pointer (`"int (*)(int)"`) or prototype, the type of a
 * function pointer, what `cdef` declares, or a signature object.
 */
export type PointedDefinition = FunctionSignature | FunctionType | Declaration | string;

/** The JavaScript function of what is at an address. */
export type FunctionAt<D> = [SignatureOf<D>] extends [never]
  ? D extends string
    ? FunctionAtOf<D>
    : D extends FunctionType | Declaration
      ? AnyFunction
      : D extends FunctionSignature
        ? FunctionOfSignature<D>
        : never
  : FunctionOfCallback<SignatureOf<D>>;

type FunctionOfCallback<S extends CallbackSignature> = ForeignFunction<
  S extends { readonly arguments: infer A extends readonly TypeSpec[] }
    ? { -readonly [K in keyof A]: ArgumentOf<A[K]> }
    : [],
  S extends { readonly return: infer R extends TypeSpec } ? ValueOf<R> : undefined
>;

/** Reads what is at an address, and checks that something can be. */
export function resolvePointed(
  address: unknown,
  definition: unknown,
  options: FunctionOptions,
  types: NamedTypes | undefined,
): { readonly name: string; readonly signature: Signature } {
  requireAddress(address, "address");
  if (address === 0n) {
    throw new NativeError("ERR_FFI_INVALID_POINTER", "Cannot call a null pointer");
  }
  const unnamed = `function at 0x${address.toString(16)}`;
  const checked = signatureOptions(options);
  if (typeof definition === "string") {
    const declaration = parseFunctionType(definition, options.types ?? types);
    const signature = signatureOfDeclaration({ ...declaration, ...checked });
    return { name: declaration.name || unnamed, signature };
  }
  if (isType(definition)) {
    if (definition.kind === "function") {
      return { name: unnamed, signature: signatureOfType(definition, checked) };
    }
    throw new ArgumentError(`definition must be a function's type, got ${definition.name}`);
  }
  const isDeclared = isParsed(definition);
  if (Object.keys(options).length > 0) {
    const what = isDeclared ? "declaration" : "signature object";
    throw new ArgumentError(`options of a ${what} are properties of it`);
  }
  if (isDeclared) {
    return { name: definition.name, signature: signatureOfDeclaration(definition) };
  }
  return { name: unnamed, signature: signatureOfObject(unnamed, definition) };
}
