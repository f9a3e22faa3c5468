import { ArgumentError, describeValue, NativeError } from "../../errors/index.js";
import { requireEngine } from "../call/engine.js";
import { createForeignFunction } from "../call/foreign-function.js";
import { type Signature, signatureOfDeclaration, signatureOfObject } from "../call/signature.js";
import { isDeclaration, parseDeclaration } from "../declaration/declaration.js";
import type { FunctionOf } from "../declaration/declaration-types.js";
import type { AnyFunction, FunctionOfSignature, FunctionSignature } from "../types/value-types.js";
import { type LoadedLibrary, openLibrary } from "./open.js";
import {
  type LibraryOptions,
  type ResolvedLibraryOptions,
  resolveLibraryOptions,
} from "./options.js";
import { findSymbol } from "./symbols.js";

/** Functions to resolve: a signature object by symbol name, or a C prototype. */
export type FunctionDefinitions = Readonly<Record<string, FunctionSignature | string>>;

/** The functions of some definitions. */
export type FunctionsOf<D extends FunctionDefinitions> = {
  readonly [K in keyof D]: D[K] extends string
    ? FunctionOf<D[K]>
    : D[K] extends FunctionSignature
      ? FunctionOfSignature<D[K]>
      : never;
};

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
  /** The path it was loaded by; null for the process itself; of bytes, a description. */
  readonly path: string | null;
  readonly #loaded: LoadedLibrary;
  readonly #options: ResolvedLibraryOptions;
  readonly #symbols = new Map<string, bigint>();
  readonly #functions = new Map<string, Resolved>();
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
    this.#loaded = openLibrary(path, this.#options);
    this.path = this.#loaded.path;
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
  getFunction<const D extends string>(declaration: D): FunctionOf<D>;
  /**
   * Resolves a function by name and signature object. The same name with the same signature gives
   * the same function; with another signature it throws.
   */
  getFunction<const S extends FunctionSignature>(
    name: string,
    signature: S,
  ): FunctionOfSignature<S>;
  getFunction(name: string, signature?: FunctionSignature): unknown {
    this.#requireOpen();
    if (typeof name !== "string") {
      throw new ArgumentError(
        `function name must be a string, got ${describeValue(name)}`,
        "ERR_INVALID_ARG_TYPE",
      );
    }
    if (signature === undefined && isDeclaration(name)) return this.#declared(name);
    return this.#resolve(name, signatureOfObject(name, signature));
  }

  /** Resolves several functions; without definitions, gives those resolved so far. */
  getFunctions<const D extends FunctionDefinitions = Record<never, never>>(
    definitions?: D,
  ): FunctionsOf<D> {
    this.#requireOpen();
    if (definitions === undefined) return this.functions as FunctionsOf<D>;
    if (typeof definitions !== "object" || definitions === null) {
      throw new ArgumentError(
        `function definitions must be an object, got ${describeValue(definitions)}`,
        "ERR_INVALID_ARG_TYPE",
      );
    }
    const functions = Object.create(null) as Record<string, unknown>;
    for (const name of Object.keys(definitions)) functions[name] = this.define(definitions, name);
    return functions as FunctionsOf<D>;
  }

  /** Resolves one entry of some definitions. */
  define(definitions: FunctionDefinitions, name: string): AnyFunction {
    const definition = definitions[name];
    return typeof definition === "string"
      ? this.#declared(definition)
      : this.#resolve(name, signatureOfObject(name, definition));
  }

  /** The address of a symbol; `name@VERSION` asks for one version of it. */
  getSymbol(name: string): bigint {
    this.#requireOpen();
    const known = this.#symbols.get(name);
    if (known !== undefined) return known;
    const address = findSymbol(this.#loaded, name);
    this.#symbols.set(name, address);
    return address;
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
    requireEngine().binding.closeLibrary(this.#loaded.handle);
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #declared(declaration: string): AnyFunction {
    const parsed = parseDeclaration(declaration);
    return this.#resolve(parsed.name, signatureOfDeclaration(parsed));
  }

  #resolve(name: string, signature: Signature): AnyFunction {
    const known = this.#functions.get(name);
    if (known !== undefined) {
      if (known.key === signature.key) return known.function;
      throw new ArgumentError(`Function ${name} was already requested with a different signature`);
    }
    const address = this.getSymbol(name);
    const { handle } = this.#loaded;
    const queue = this.#options.serialize ? handle : -1;
    const made = createForeignFunction({ library: handle, name, address, signature, queue });
    this.#functions.set(name, { key: signature.key, function: made });
    return made;
  }

  #requireOpen(): void {
    if (this.#closed) throw new NativeError("ERR_FFI_LIBRARY_CLOSED", "Library is closed");
  }
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
