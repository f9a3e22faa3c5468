import { requireBoolean, requireKnownOptions } from "../../internal/options.js";
import type { Declarations } from "../declaration/cdef.js";
import type { AnyFunction } from "../types/value-types.js";
import { definitionsOf, type FunctionDefinitions, type FunctionsOf } from "./definition.js";
import { DynamicLibrary } from "./library.js";
import { LIBRARY_OPTIONS, type LibraryOptions } from "./options.js";

/** What `dlopen` gives. Disposing it closes the library. */
export interface OpenedLibrary<D extends FunctionDefinitions | Declarations> {
  readonly lib: DynamicLibrary;
  readonly functions: FunctionsOf<D>;
  [Symbol.dispose](): void;
}

/** How to load the library and resolve the functions. */
export interface OpenOptions extends LibraryOptions {
  /**
   * Resolve each function when it is first read from `functions`: a missing symbol then fails where
   * it is used, and unused functions cost nothing. Default: false, all at once.
   */
  readonly lazy?: boolean;
}

/**
 * Loads a library and resolves functions from it, by signature object or C prototype. If one is
 * missing the library is closed again and the error names it.
 */
export function dlopen<const D extends FunctionDefinitions | Declarations = Record<never, never>>(
  path: string | Uint8Array | null,
  definitions: D = {} as D,
  options: OpenOptions = {},
): OpenedLibrary<D> {
  requireKnownOptions(options, ["lazy", ...LIBRARY_OPTIONS], "options");
  const { lazy = false, ...libraryOptions } = options;
  requireBoolean(lazy, "options.lazy");
  const lib = new DynamicLibrary(path, libraryOptions);
  try {
    const functions = lazy ? lazyFunctions(lib, definitions) : lib.getFunctions(definitions);
    return { lib, functions, [Symbol.dispose]: () => lib.close() };
  } catch (error) {
    lib.close();
    throw error;
  }
}

/** Closes a library: `handle.close()`. */
export function dlclose(handle: DynamicLibrary): void {
  handle.close();
}

/** The address of a symbol: `handle.getSymbol(symbol)`. */
export function dlsym(handle: DynamicLibrary, symbol: string): bigint {
  return handle.getSymbol(symbol);
}

/** Each getter replaces itself by the function it resolved. */
function lazyFunctions<D extends FunctionDefinitions | Declarations>(
  lib: DynamicLibrary,
  definitions: D,
): FunctionsOf<D> {
  const functions = Object.create(null) as Record<string, AnyFunction>;
  for (const [name, definition] of definitionsOf(definitions)) {
    Object.defineProperty(functions, name, {
      configurable: true,
      enumerable: true,
      get() {
        const value = lib.define(name, definition);
        Object.defineProperty(functions, name, { value, enumerable: true });
        return value;
      },
    });
  }
  return functions as FunctionsOf<D>;
}
