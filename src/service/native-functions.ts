import { NativeError } from "../errors/index.js";
import { DynamicLibrary } from "../ffi/index.js";
import { findBuiltIn } from "./built-in-libraries.js";
import { schemasOfDeclaration } from "./c-schemas.js";
import { CallCodec } from "./call-codec.js";
import { type CFunctionBinding, isCFunction, type MethodDefinition } from "./definition.js";

export type NativeFunction = (...args: unknown[]) => unknown;

/** A method's native function, or in words why there is none here. */
export type NativeResolution =
  | {
      readonly call: NativeFunction;
      /** The same for arguments that a CallCodec has converted, with its result not yet. */
      readonly callConverted: NativeFunction;
      readonly reason: string;
    }
  | { readonly call: undefined; readonly reason: string };

/** Looks for a method's native function. Absence is an answer, not an error. */
export function resolveNative(method: MethodDefinition): NativeResolution {
  const { native } = method;
  if (native === undefined) return absent("it declares no native function");
  if (!isCFunction(native)) return findBuiltIn(native, method);
  const path = libraryPath(native);
  if (path === undefined) return absent(`it names no library for ${process.platform}`);
  try {
    const call = declaredFunction(path, native.declaration);
    const checked = followsDeclaration(method, native) ? call : withChecks(call, method);
    return { call: checked, callConverted: call, reason: `native function in ${path}` };
  } catch (error) {
    if (error instanceof NativeError) return absent(error.message);
    throw error;
  }
}

function absent(reason: string): NativeResolution {
  return { call: undefined, reason };
}

function libraryPath({ library }: CFunctionBinding): string | undefined {
  if (typeof library === "string") return library;
  const byPlatform: Readonly<Record<string, string | undefined>> = { ...library };
  return byPlatform[process.platform];
}

/**
 * Functions by library and declaration. Their libraries are never closed: a client may hand out the
 * functions, and they must stay callable. Each declaration has a handle of its own, because a handle
 * gives one function a symbol, and two services may declare one symbol in their own ways.
 */
const functions = new Map<string, NativeFunction>();

function declaredFunction(path: string, declaration: string): NativeFunction {
  const key = `${path}\n${declaration}`;
  let found = functions.get(key);
  if (found === undefined) {
    found = new DynamicLibrary(path).getFunction(declaration) as NativeFunction;
    functions.set(key, found);
  }
  return found;
}

/** Whether the resolved function's own checks are all that the method's schemas ask for. */
function followsDeclaration(method: MethodDefinition, native: CFunctionBinding): boolean {
  const { parameters, result } = schemasOfDeclaration(native.declaration);
  return (
    JSON.stringify([parameters, result]) === JSON.stringify([method.parameters, method.result])
  );
}

/** Schemas that are narrower than the C types are checked around the call, as a server would. */
function withChecks(call: NativeFunction, method: MethodDefinition): NativeFunction {
  const codec = new CallCodec(method);
  return (...args) => {
    const passed = codec.checkArguments(args);
    return codec.checkResult(call(...passed));
  };
}
