import { ArgumentError, describeValue, NativeError } from "../../errors/index.js";
import { type CallbackOptions, CallbackRegistry } from "../call/callback.js";
import type { Listener } from "../call/callback-marshal.js";
import type { FunctionSource } from "../call/foreign-function.js";
import { type Host, localHost } from "../call/host.js";
import type { Declarations } from "../declaration/cdef.js";
import type { FunctionOf } from "../declaration/declaration-types.js";
import { isDeclaration } from "../declaration/declarations.js";
import { isolatedHost } from "../isolate/deferred.js";
import type { ValueOf, WritableOf } from "../types/static-types.js";
import type { TypeSpec } from "../types/type-names.js";
import type {
  AnyFunction,
  FunctionOfSignature,
  FunctionSignature,
  WithErrno,
} from "../types/value-types.js";
import {
  type CallbackDefinition,
  callbackSignature,
  type ListenerOf,
} from "./callback-definition.js";
import {
  definitionsOf,
  type FunctionDefinition,
  type FunctionDefinitions,
  type FunctionOptions,
  type FunctionsOf,
  type ResolvedDefinition,
  resolveDeclared,
  resolveDefinition,
} from "./definition.js";
import { type LoadedLibrary, openLibrary } from "./open.js";
import {
  type LibraryOptions,
  type ResolvedLibraryOptions,
  resolveLibraryOptions,
} from "./options.js";
import { type FunctionAt, type PointedDefinition, resolvePointed } from "./pointed-function.js";
import { ShadowWatch } from "./shadow-watch.js";
import { findSymbol } from "./symbols.js";
import { resolveVariable, Variable, type VariableOf } from "./variable.js";

/** What a prototype has and a name has not: it tells options from a signature object. */
type Prototype = `${string}(${string}`;

interface Resolved {
  readonly key: string;
  readonly function: AnyFunction;
}

/**
 * A loaded dynamic library; `null` is the process itself. The class of `node:ffi`, with C
 * prototypes besides its signature objects.
 *
 * A library that is not closed stays loaded for the life of the process, also when this object is
 * collected: addresses taken from it may still be in use.
 */
export class DynamicLibrary {
  /** The path it was loaded by; empty for the process itself; of bytes, a description. */
  readonly path: string;
  readonly #loaded: LoadedLibrary;
  readonly #options: ResolvedLibraryOptions;
  readonly #symbols = new Map<string, bigint>();
  readonly #functions = new Map<string, Resolved>();
  readonly #host: Host;
  readonly #callbacks: CallbackRegistry;
  /** Undefined where nothing is to be watched. */
  readonly #shadows: ShadowWatch | undefined;
  #closed = false;

  /**
   * Loads a library by path or name, the process itself (null), or a library's bytes, which go
   * through a private temporary file. Throws `ERR_FFI_CALL_FAILED` with the loader's own words and
   * what they mean if it cannot be loaded, `ERR_ACCESS_DENIED` if Node's permission model or
   * `allowLibraries` forbids it, and `ERR_NATIVE_UNAVAILABLE` where there is no native binary.
   */
  constructor(path: string | Uint8Array | null, options: LibraryOptions = {}) {
    requirePath(path);
    this.#options = resolveLibraryOptions(options);
    this.#host = hostOf(this.#options.isolate);
    this.#callbacks = new CallbackRegistry(this.#host.engine);
    try {
      this.#loaded = openLibrary(this.#host.libraries, path, this.#options);
    } catch (error) {
      this.#host.close();
      throw error;
    }
    this.path = this.#loaded.path;
    const isWatched = this.#options.mayBeShadowed && path !== null;
    this.#shadows = isWatched ? new ShadowWatch(this.#host.libraries, this.path) : undefined;
  }

  /** The functions resolved so far, by symbol name. */
  get functions(): Readonly<Record<string, AnyFunction>> {
    this.#requireOpen();
    return record(this.#functions, (resolved) => resolved.function);
  }

  /** The addresses of the symbols resolved so far, by name. */
  get symbols(): Readonly<Record<string, bigint>> {
    return this.getSymbols();
  }

  /** Resolves a function by its C prototype: `getFunction("double cos(double x)")`. */
  getFunction<const D extends Prototype, O extends FunctionOptions & { readonly errno: true }>(
    declaration: D,
    options: O,
  ): WithErrno<FunctionOf<D>>;
  getFunction<const D extends Prototype, O extends FunctionOptions>(
    declaration: D,
    options?: O,
  ): FunctionOf<D>;
  getFunction<const D extends string>(declaration: D, options?: FunctionOptions): FunctionOf<D>;
  /**
   * Resolves a function by name and signature object. The same name with the same signature gives
   * the same function; with another signature it throws.
   */
  getFunction<const S extends FunctionSignature>(
    name: string,
    signature: S,
  ): FunctionOfSignature<S>;
  getFunction(name: string, signature?: FunctionSignature | FunctionOptions): unknown {
    this.#requireOpen();
    if (typeof name !== "string") {
      throw new ArgumentError(
        `function name must be a string, got ${describeValue(name)}`,
        "ERR_INVALID_ARG_TYPE",
      );
    }
    if (isDeclaration(name)) {
      const options = (signature ?? {}) as FunctionOptions;
      return this.#resolve(resolveDeclared(name, options, this.#options.types));
    }
    if (typeof signature !== "object") {
      throw new ArgumentError(
        `signature of ${name} must be an object, got ${describeValue(signature)}`,
        "ERR_INVALID_ARG_TYPE",
      );
    }
    return this.#resolve(resolveDefinition(name, signature, this.#options.types));
  }

  /** Resolves several functions; without definitions, gives those resolved so far. */
  getFunctions<const D extends FunctionDefinitions | Declarations = Record<never, never>>(
    definitions?: D,
  ): FunctionsOf<D> {
    this.#requireOpen();
    if (definitions === undefined) return this.functions as FunctionsOf<D>;
    const functions = Object.create(null) as Record<string, unknown>;
    for (const [name, definition] of definitionsOf(definitions)) {
      functions[name] = this.define(name, definition);
    }
    return functions as FunctionsOf<D>;
  }

  /**
   * A function by its address: what C gave as a function pointer, or what a variable or a struct
   * holds. The definition is as for `registerCallback`, a prototype, or what `cdef` declares.
   * Unsafe: the address is believed, and the function refused only once this library is closed, so
   * ask the library that it lies in. Each call makes a new function: keep it.
   */
  getFunctionAt<
    const D extends PointedDefinition,
    O extends FunctionOptions & { readonly errno: true },
  >(address: bigint, definition: D, options: O): WithErrno<FunctionAt<D>>;
  getFunctionAt<const D extends PointedDefinition>(
    address: bigint,
    definition: D,
    options?: FunctionOptions,
  ): FunctionAt<D>;
  getFunctionAt(
    address: bigint,
    definition: PointedDefinition,
    options: FunctionOptions = {},
  ): unknown {
    this.#requireOpen();
    const { name, signature } = resolvePointed(address, definition, options, this.#options.types);
    return this.#make({ name, symbol: undefined, address, signature });
  }

  /** Resolves one entry of some definitions. */
  define(name: string, definition: FunctionDefinition): AnyFunction {
    this.#requireOpen();
    return this.#resolve(resolveDefinition(name, definition, this.#options.types));
  }

  /**
   * Makes a C function pointer that leads to a JavaScript function, valid until it is unregistered
   * or the library closed; called later it gives C zero. The signature is an object, a C function
   * pointer's type (`"int (*)(int)"`) or what `callback` made; without one it is `void (void)`.
   *
   * What the function throws is thrown by the call that led to it; C gets zero. See CallbackOptions
   * for calls from other threads.
   */
  registerCallback(listener: () => unknown): bigint;
  registerCallback<const S extends CallbackDefinition>(
    signature: S,
    listener: ListenerOf<S>,
    options?: CallbackOptions,
  ): bigint;
  registerCallback(first: unknown, second?: unknown, options?: CallbackOptions): bigint {
    this.#requireOpen();
    const isBare = typeof first === "function" && second === undefined;
    const listener = isBare ? first : second;
    if (typeof listener !== "function") {
      throw new ArgumentError(
        `callback must be a function, got ${describeValue(listener)}`,
        "ERR_INVALID_ARG_TYPE",
      );
    }
    const signature = callbackSignature(isBare ? {} : first, this.#options.types);
    return this.#callbacks.register(signature, listener as Listener, options);
  }

  /** From here on C gets zero from the pointer. */
  unregisterCallback(pointer: bigint): void {
    this.#requireOpen();
    this.#callbacks.unregister(pointer);
  }

  /** Keeps the function of a callback from being collected, which is so from the start. */
  refCallback(pointer: bigint): void {
    this.#requireOpen();
    this.#callbacks.ref(pointer);
  }

  /** Lets the function of a callback be collected; from then on C gets zero. */
  unrefCallback(pointer: bigint): void {
    this.#requireOpen();
    this.#callbacks.unref(pointer);
  }

  /** The address of a symbol; `name@VERSION` asks for one version of it. */
  getSymbol(name: string): bigint {
    this.#requireOpen();
    const known = this.#symbols.get(name);
    if (known !== undefined) return known;
    const address = findSymbol(this.#host.libraries, this.#loaded, name);
    this.#symbols.set(name, address);
    return address;
  }

  /** A global variable by its C declaration: `getVariable("int optind")`. */
  getVariable<const D extends string>(declaration: D): VariableOf<D>;
  /** A global variable by name and type. */
  getVariable<const T extends TypeSpec>(name: string, type: T): Variable<ValueOf<T>, WritableOf<T>>;
  getVariable(text: string, type?: TypeSpec): unknown {
    this.#requireOpen();
    const definition = resolveVariable(text, type, this.#options.types);
    const address = this.getSymbol(definition.name);
    return new Variable(definition, address, this.#host.engine, () => this.#requireOpen());
  }

  /** The addresses of the symbols resolved so far, by name. */
  getSymbols(): Readonly<Record<string, bigint>> {
    this.#requireOpen();
    return record(this.#symbols, (address) => address);
  }

  /**
   * Closes the library. From here on its functions throw `ERR_FFI_LIBRARY_CLOSED`; closing again
   * does nothing.
   */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#callbacks.clear();
    this.#host.libraries.closeLibrary(this.#loaded.handle);
    this.#host.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #resolve({ name, symbol, signature }: ResolvedDefinition): AnyFunction {
    const known = this.#functions.get(name);
    if (known !== undefined) {
      if (known.key === signature.key) return known.function;
      throw new ArgumentError(`Function ${name} was already requested with a different signature`);
    }
    const address = this.getSymbol(symbol);
    this.#shadows?.look(symbol, address);
    const made = this.#make({ name, symbol, address, signature });
    this.#functions.set(name, { key: signature.key, function: made });
    return made;
  }

  #make(source: Omit<FunctionSource, "library" | "queue">): AnyFunction {
    const { handle } = this.#loaded;
    const queue = this.#options.serialize ? handle : -1;
    return this.#host.createFunction({ ...source, library: handle, queue });
  }

  #requireOpen(): void {
    if (this.#closed) throw new NativeError("ERR_FFI_LIBRARY_CLOSED", "Library is closed");
  }
}

function hostOf(isolation: ResolvedLibraryOptions["isolate"]): Host {
  if (isolation === undefined) return localHost();
  return isolatedHost(isolation);
}

function requirePath(path: unknown): asserts path is string | Uint8Array | null {
  if (path !== null && typeof path !== "string" && !(path instanceof Uint8Array)) {
    throw new ArgumentError(
      `library path must be a string, a Uint8Array of its bytes or null, got ${describeValue(path)}`,
      "ERR_INVALID_ARG_TYPE",
    );
  }
  if (typeof path === "string" && path.includes("\0")) {
    throw new ArgumentError("library path must not contain a NUL character");
  }
}

function record<T, R>(map: ReadonlyMap<string, T>, value: (item: T) => R): Record<string, R> {
  const object = Object.create(null) as Record<string, R>;
  for (const [name, item] of map) object[name] = value(item);
  return object;
}
