import { resolve } from "node:path";
import { ArgumentError, describeValue } from "../../errors/index.js";
import { LIBRARY_FLAGS } from "../../internal/binding.js";
import { requireBoolean, requireKnownOptions, requireOneOf } from "../../internal/options.js";
import type { NamedTypes } from "../declaration/declaration.js";
import { isIsolate, resolveIsolateOptions } from "../isolate/deferred.js";
import type { Isolate } from "../isolate/isolate.js";
import type { IsolateOptions } from "../isolate/options.js";
import { directoryOf } from "./search.js";

/** How to find and load a library. */
export interface LibraryOptions {
  /**
   * When the system's loader looks up what the library itself uses: `"now"`, so that loading fails
   * if a function is missing (the default), or `"lazy"`, each at its first use, when a missing one
   * ends the process. Windows has `"now"` only.
   */
  readonly binding?: "now" | "lazy";
  /** Let libraries loaded later use its symbols (`RTLD_GLOBAL`). Default: false. Not on Windows. */
  readonly global?: boolean;
  /** Keep it mapped after `close`, for a library that leaves threads behind. Default: false. */
  readonly noDelete?: boolean;
  /**
   * Let it prefer its own symbols to those of the process (`RTLD_DEEPBIND`), as when node exports
   * another version of a library it bundles. Default: false, with a warning where the process has
   * functions of the library's names; `false` itself is without. Linux with glibc only.
   */
  readonly deepBind?: boolean;
  /**
   * Look for a relative path here first: a directory, or a module by `import.meta.url`, next to
   * which the library lies. Where there is no such file the path is the system's to find.
   */
  readonly relativeTo?: string | URL;
  /**
   * Directories to try, in order, for a name without a slash, before the system's own. A relative
   * one is relative to `relativeTo`, or else to the current directory.
   */
  readonly search?: readonly string[];
  /** Make the asynchronous calls of its functions one at a time, in order. Default: false. */
  readonly serialize?: boolean;
  /** Types that prototypes of this library may name: what `cdef` gave, or types by name. */
  readonly types?: NamedTypes;
  /** In this process; for a helper process see IsolatedOptions, which `dlopen` takes. */
  readonly isolate?: false;
}

/** How to load a library into a helper process. */
export interface IsolatedOptions extends Omit<LibraryOptions, "isolate" | "serialize"> {
  /**
   * A crash ends the helper process instead of this one, and the functions give promises: `true`,
   * options, or an Isolate that a group of libraries shares.
   */
  readonly isolate: true | IsolateOptions | Isolate;
}

/** The same with every value filled in. */
export interface ResolvedLibraryOptions {
  /** LIBRARY_FLAGS. */
  readonly flags: number;
  /** Undefined: a relative path is the system's to find. */
  readonly relativeTo: string | undefined;
  /** Absolute directories. */
  readonly search: readonly string[];
  readonly serialize: boolean;
  readonly types: NamedTypes | undefined;
  /** Whether nobody has said whose symbols its code is to use, and it matters on this system. */
  readonly mayBeShadowed: boolean;
  /** Undefined: in this process. */
  readonly isolate: IsolateOptions | Isolate | undefined;
}

export const LIBRARY_OPTIONS = [
  "binding",
  "global",
  "noDelete",
  "deepBind",
  "relativeTo",
  "search",
  "serialize",
  "types",
  "isolate",
] as const satisfies readonly (keyof LibraryOptions)[];

/** With ELF all libraries share one scope of names; elsewhere each names the library it means. */
const HAS_ONE_SCOPE = process.platform !== "win32" && process.platform !== "darwin";

/** Checks options and fills in the defaults. */
export function resolveLibraryOptions(options: LibraryOptions): ResolvedLibraryOptions {
  requireKnownOptions(options, LIBRARY_OPTIONS, "options");
  const { relativeTo, search = [], binding = "now" } = options;
  requireOneOf(binding, "options.binding", ["now", "lazy"]);
  const base = relativeTo === undefined ? undefined : directoryOf(relativeTo);
  const isolate = isolationOf(options.isolate);
  return {
    flags:
      (binding === "lazy" ? LIBRARY_FLAGS.lazy : 0) |
      (isSet(options, "global") ? LIBRARY_FLAGS.global : 0) |
      (isSet(options, "noDelete") ? LIBRARY_FLAGS.noDelete : 0) |
      (isSet(options, "deepBind") ? LIBRARY_FLAGS.deepBind : 0),
    relativeTo: base,
    search: searchDirectories(search, base),
    serialize: isSet(options, "serialize"),
    types: options.types,
    mayBeShadowed: options.deepBind === undefined && isolate === undefined && HAS_ONE_SCOPE,
    isolate,
  };
}

function isSet(
  options: LibraryOptions,
  name: "global" | "noDelete" | "deepBind" | "serialize",
): boolean {
  const value: unknown = options[name];
  if (value === undefined) return false;
  requireBoolean(value, `options.${name}`);
  return value;
}

function isolationOf(isolate: unknown): IsolateOptions | Isolate | undefined {
  if (isolate === undefined || isolate === false) return undefined;
  if (isolate === true) return {};
  if (isIsolate(isolate)) return isolate;
  if (typeof isolate === "object" && isolate !== null) {
    resolveIsolateOptions(isolate as IsolateOptions);
    return isolate as IsolateOptions;
  }
  throw new ArgumentError(
    `options.isolate must be true, false, options or an Isolate, got ${describeValue(isolate)}`,
    "ERR_INVALID_ARG_TYPE",
  );
}

function searchDirectories(search: unknown, base: string | undefined): readonly string[] {
  if (!Array.isArray(search)) {
    throw new ArgumentError(
      `options.search must be an array of directories, got ${describeValue(search)}`,
      "ERR_INVALID_ARG_TYPE",
    );
  }
  return search.map((directory: unknown, index) => {
    if (typeof directory === "string" && directory !== "" && !directory.includes("\0")) {
      return resolve(base ?? "", directory);
    }
    throw new ArgumentError(
      `options.search[${index}] must be a directory's path, got ${describeValue(directory)}`,
      typeof directory === "string" ? "ERR_INVALID_ARG_VALUE" : "ERR_INVALID_ARG_TYPE",
    );
  });
}
