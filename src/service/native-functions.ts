import { NativeError } from "../errors/index.js";
import { openLibrary } from "../ffi/deferred.js";
import type { DynamicLibrary } from "../ffi/index.js";
import { findBuiltIn } from "./built-in-libraries.js";
import { prototypeOf, type ReadPrototype } from "./c-schemas.js";
import { CallCodec } from "./call-codec.js";
import { type CFunctionBinding, isCFunction, type MethodDefinition } from "./definition.js";
import type { QueuedFunction, ServiceHelpers, WaitableFunction } from "./isolated-functions.js";

export type NativeFunction = (...args: unknown[]) => unknown;

/** A method's native function, or in words why there is none here. */
export type NativeResolution =
  | {
      readonly call: NativeFunction;
      /** The same for arguments that a CallCodec has converted, with its result not yet. */
      readonly callConverted: NativeFunction;
      /** Both on the pool or in a helper process, where the definition asks for that. */
      readonly queued?: { readonly call: QueuedFunction; readonly callConverted: QueuedFunction };
      /** In a helper process: `call` waits for it. */
      readonly isAside?: true;
      readonly reason: string;
    }
  | { readonly call: undefined; readonly reason: string };

/**
 * Looks for a method's native function; one that is to be isolated in `helpers`. Absence is an
 * answer, not an error.
 */
export function resolveNative(method: MethodDefinition, helpers: ServiceHelpers): NativeResolution {
  const { native } = method;
  if (native === undefined) return absent("it declares no native function");
  if (!isCFunction(native)) return findBuiltIn(native, method);
  const path = libraryPath(native);
  if (path === undefined) return absent(`it names no library for ${process.platform}`);
  try {
    return findDeclared(path, method, native, helpers);
  } catch (error) {
    // A reason stands within a sentence; the system's words and ours are lines of a message.
    if (error instanceof NativeError) return absent(error.message.replaceAll("\n", "; "));
    throw error;
  }
}

function findDeclared(
  path: string,
  method: MethodDefinition,
  native: CFunctionBinding,
  helpers: ServiceHelpers,
): NativeResolution {
  const { declaration, isolate = false } = native;
  const { idempotent } = method;
  const reason = `native function in ${path}`;
  const codec = followsDeclaration(method, native) ? undefined : new CallCodec(method);
  const call =
    isolate === false
      ? declaredFunction(path, native, helpers)
      : helpers.find({ path, declaration, isolate, idempotent });
  const found = { call: codec ? withChecks(call, codec) : call, callConverted: call };
  if (isolate === false && native.async !== true) return { ...found, reason };
  const later = call.async.abortable;
  const queued = { call: codec ? withQueuedChecks(later, codec) : later, callConverted: later };
  if (isolate === false) {
    const order = native.serialize === true ? ", one at a time" : "";
    return { ...found, queued, reason: `${reason}, on the pool of threads${order}` };
  }
  return { ...found, queued, isAside: true, reason: `${reason}, in a helper process` };
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
 * functions, and they must stay callable.
 */
const functions = new Map<string, WaitableFunction>();

function declaredFunction(
  path: string,
  native: CFunctionBinding,
  helpers: ServiceHelpers,
): WaitableFunction {
  const isSerialized = native.serialize === true;
  const key = `${path}\n${isSerialized}\n${native.declaration}`;
  let found = functions.get(key);
  if (found === undefined) {
    const prototype = prototypeOf(native);
    found = isSerialized
      ? serializedFunction(path, prototype)
      : ownFunction(path, prototype, helpers);
    functions.set(key, found);
  }
  return found;
}

interface OpenLibrary {
  readonly library: DynamicLibrary;
  /** Of the functions that it has given. */
  readonly names: Set<string>;
}

/**
 * By path, of one client or server: another one opens its libraries itself, and is asked again
 * whether it may.
 */
const openLibraries = new WeakMap<ServiceHelpers, Map<string, OpenLibrary>>();

/**
 * A library gives one function a name. Two methods that declare one in their own ways take theirs
 * from a handle each.
 */
function ownFunction(
  path: string,
  { declaration }: ReadPrototype,
  helpers: ServiceHelpers,
): WaitableFunction {
  const { name } = declaration;
  const libraries = openLibraries.get(helpers) ?? new Map<string, OpenLibrary>();
  openLibraries.set(helpers, libraries);
  let open = libraries.get(path);
  if (open === undefined || open.names.has(name)) {
    open = { library: openLibrary(path), names: new Set() };
    libraries.set(path, open);
  }
  open.names.add(name);
  return open.library.define(name, declaration) as WaitableFunction;
}

/** By path: functions of one handle wait for one another. */
const serializedLibraries = new Map<string, DynamicLibrary>();

function serializedFunction(path: string, { declaration }: ReadPrototype): WaitableFunction {
  let library = serializedLibraries.get(path);
  if (library === undefined) {
    library = openLibrary(path, { serialize: true });
    serializedLibraries.set(path, library);
  }
  const address = library.getSymbol(declaration.symbol);
  return library.getFunctionAt(address, declaration) as WaitableFunction;
}

/** Whether the resolved function's own checks are all that the method's schemas ask for. */
function followsDeclaration(method: MethodDefinition, native: CFunctionBinding): boolean {
  const { parameters, result } = prototypeOf(native);
  if (parameters === method.parameters && result === method.result) return true;
  return (
    JSON.stringify([parameters, result]) === JSON.stringify([method.parameters, method.result])
  );
}

/** Schemas that are narrower than the C types are checked around the call, as a server would. */
function withChecks(call: NativeFunction, codec: CallCodec): NativeFunction {
  return (...args) => {
    const passed = codec.checkArguments(args);
    return codec.checkResult(call(...passed));
  };
}

function withQueuedChecks(call: QueuedFunction, codec: CallCodec): QueuedFunction {
  return async (signal, ...args) => {
    const passed = codec.checkArguments(args);
    return codec.checkResult(await call(signal, ...passed));
  };
}
