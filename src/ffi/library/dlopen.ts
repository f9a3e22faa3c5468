import { requireBoolean, requireKnownOptions } from "../../internal/options.js";
import { type Declarations, isDeclarations } from "../declaration/declarations.js";
import type { IsolatedDynamicLibrary, IsolatedFunctionsOf } from "../isolate/isolated-types.js";
import type { AnyFunction } from "../types/value-types.js";
import { definitionsOf, type FunctionDefinitions, type FunctionsOf } from "./definition.js";
import { DynamicLibrary } from "./library.js";
import { type IsolatedOptions, LIBRARY_OPTIONS, type LibraryOptions } from "./options.js";

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

/** What `dlopen` gives of a library in a helper process. Disposing it closes the library. */
export interface OpenedIsolatedLibrary<D extends FunctionDefinitions | Declarations> {
  readonly lib: IsolatedDynamicLibrary;
  readonly functions: IsolatedFunctionsOf<D>;
  [Symbol.dispose](): void;
}

/** How to load a library into a helper process and resolve the functions. */
export interface OpenIsolatedOptions extends IsolatedOptions, Pick<OpenOptions, "lazy"> {}

/**
 * Loads a library and resolves functions from it, by signature object or C prototype. If one is
 * missing the library is closed again and the error names it.
 */
export function dlopen<const D extends FunctionDefinitions | Declarations = Record<never, never>>(
  path: string | Uint8Array | null,
  definitions?: D,
  options?: OpenOptions,
): OpenedLibrary<D>;
/**
 * The same in a helper process, which a crash ends instead of this one. Its calls give promises.
 */
export function dlopen<const D extends FunctionDefinitions | Declarations = Record<never, never>>(
  path: string | null,
  definitions: D | undefined,
  options: OpenIsolatedOptions,
): OpenedIsolatedLibrary<D>;
export function dlopen(
  path: string | Uint8Array | null,
  definitions: FunctionDefinitions | Declarations = {},
  options: OpenOptions | OpenIsolatedOptions = {},
): OpenedLibrary<FunctionDefinitions> | OpenedIsolatedLibrary<FunctionDefinitions> {
  requireKnownOptions(options, ["lazy", ...LIBRARY_OPTIONS], "options");
  const { lazy = false, ...libraryOptions } = options;
  requireBoolean(lazy, "options.lazy");
  // Prototypes and callbacks of a header's library may name the header's types.
  const types = isDeclarations(definitions) ? { types: definitions } : {};
  const lib = new DynamicLibrary(path, { ...types, ...(libraryOptions as LibraryOptions) });
  try {
    const functions = lazy ? lazyFunctions(lib, definitions) : lib.getFunctions(definitions);
    // Of an isolated library they are isolated; both have the same shape but for their types.
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
