import { basename, dirname, join, resolve } from "node:path";
import { AccessDeniedError, ArgumentError, describeValue } from "../../errors/index.js";
import { fs } from "../../internal/file-system.js";
import { isMainThread } from "./main-thread.js";
import { escapeRegExp, isBareName } from "./search.js";

/** One list: what it was given, with paths as the files they lead to. */
type AllowList = readonly (string | null)[];

/** Under this name, workers started after a call of `allowLibraries` take its lists over. */
const INHERITED = "nearfar:allowLibraries";

/** A library must be in each of them. None: any library may be opened. */
let lists: readonly AllowList[] | undefined;

function currentLists(): readonly AllowList[] {
  lists ??= isMainThread() ? [] : inheritedLists();
  return lists;
}

function inheritedLists(): readonly AllowList[] {
  return (workerThreads().getEnvironmentData(INHERITED) as AllowList[] | undefined) ?? [];
}

/** Loaded when it is needed: it takes 2 to 4 ms. */
function workerThreads(): typeof import("node:worker_threads") {
  return process.getBuiltinModule("node:worker_threads");
}

/**
 * From here on only these libraries can be opened, in this thread and in workers it starts later.
 * Each is a path, in which `*` stands for any characters but slashes; or a name without a slash, as
 * the system's loader looks it up; or null, for the process itself. Paths are compared after
 * resolving symbolic links. A later call can only narrow the choice: a library must be in every
 * list. Libraries that are open already stay so.
 *
 * This keeps a program to the libraries it means to use; it does not contain hostile code, which
 * has other ways to load one.
 */
export function allowLibraries(libraries: readonly (string | null)[]): void {
  if (!Array.isArray(libraries)) {
    throw new ArgumentError(
      `libraries must be an array of paths, got ${describeValue(libraries)}`,
      "ERR_INVALID_ARG_TYPE",
    );
  }
  const list = libraries.map((entry: unknown, index) => {
    if (entry === null) return null;
    if (typeof entry === "string" && entry !== "" && !entry.includes("\0")) return realEntry(entry);
    throw new ArgumentError(
      `libraries[${index}] must be a path, a name or null, got ${describeValue(entry)}`,
      typeof entry === "string" ? "ERR_INVALID_ARG_VALUE" : "ERR_INVALID_ARG_TYPE",
    );
  });
  lists = [...currentLists(), list];
  workerThreads().setEnvironmentData(INHERITED, lists);
}

/** Throws `ERR_ACCESS_DENIED` unless every list has the library; null is the process itself. */
export function requireAllowed(path: string | null): void {
  const required = currentLists();
  if (required.length === 0) return;
  const real = path === null || isBareName(path) ? path : realPath(path);
  if (required.every((list) => list.some((entry) => covers(entry, real)))) return;
  const what = path === null ? "The process itself (null)" : path;
  const resolved = real === path ? "" : ` (${real})`;
  throw denied(`${what}${resolved}`, path ?? "");
}

/** Throws `ERR_ACCESS_DENIED` if there is a list: it can only name files. */
export function requireAllowedMemory(): void {
  if (currentLists().length > 0) throw denied("A library in memory", "");
}

function denied(what: string, resource: string): AccessDeniedError {
  const message = `${what} is not among the libraries that allowLibraries() allows here`;
  return new AccessDeniedError(message, "allowLibraries", resource);
}

function covers(entry: string | null, path: string | null): boolean {
  if (entry === null || path === null) return entry === path;
  if (!entry.includes("*")) return entry === path;
  const pattern = entry.split("*").map(escapeRegExp).join("[^/\\\\]*");
  return new RegExp(`^${pattern}$`).test(path);
}

/** A pattern's directories lead to real ones as far as they have no `*`. */
function realEntry(entry: string): string {
  if (isBareName(entry)) return entry;
  const star = entry.indexOf("*");
  if (star < 0) return realPath(entry);
  const fixed = entry.slice(0, star).search(/[^/\\]*$/);
  return join(realPath(entry.slice(0, fixed)), entry.slice(fixed));
}

/** Links resolved as far as there are files: a library may be made later. */
function realPath(path: string): string {
  const absolute = resolve(path);
  try {
    return fs.realpathSync.native(absolute);
  } catch {
    const parent = dirname(absolute);
    return parent === absolute ? absolute : join(realPath(parent), basename(absolute));
  }
}
