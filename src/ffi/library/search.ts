import { isAbsolute, join, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { ArgumentError, describeValue } from "../../errors/index.js";
import { fs } from "../../internal/file-system.js";

/*
 * Where a library's path leads. What is found here is opened by its whole path; what is not found
 * goes to the system's loader as it was given, which has its own places for a name without a slash.
 * Nothing is guessed: a name is never tried in another spelling.
 */

/** The file to open for a path, and the places that were tried and had none. */
export interface Location {
  readonly path: string;
  readonly tried: readonly string[];
}

/** Looks next to a module for a relative path, and in the directories of `search` for a name. */
export function locate(
  path: string,
  relativeTo: string | undefined,
  search: readonly string[],
): Location {
  if (path === "" || isAbsolute(path)) return { path, tried: [] };
  const places = [
    ...(relativeTo === undefined ? [] : [resolve(relativeTo, path)]),
    ...(isBareName(path) ? search.map((directory) => join(directory, path)) : []),
  ];
  const found = places.findIndex((place) => fs.existsSync(place));
  return { path: places[found] ?? path, tried: found < 0 ? places : places.slice(0, found) };
}

/** Whether the system's loader would look in its own directories for it. */
export function isBareName(path: string): boolean {
  return !path.includes("/") && !path.includes(sep);
}

/** The directory that `relativeTo` means: itself, or the one that a module's URL lies in. */
export function directoryOf(relativeTo: unknown): string {
  const isUrl = relativeTo instanceof URL;
  if (!isUrl && (typeof relativeTo !== "string" || relativeTo === "")) {
    throw new ArgumentError(
      `options.relativeTo must be a directory or a file: URL, got ${describeValue(relativeTo)}`,
      typeof relativeTo === "string" ? "ERR_INVALID_ARG_VALUE" : "ERR_INVALID_ARG_TYPE",
    );
  }
  if (!isUrl && !/^[a-z][a-z\d+.-]+:/i.test(relativeTo)) return resolve(relativeTo);
  const url = new URL(relativeTo);
  if (url.protocol !== "file:") {
    throw new ArgumentError(
      `options.relativeTo must be a directory or a file: URL, got a URL of "${url.protocol}"`,
    );
  }
  return fileURLToPath(new URL(".", url));
}

/** How many similar libraries an error names. */
const MAX_SUGGESTIONS = 5;

/**
 * Files in the system's library directories that a name without a slash may have meant: `sqlite3`
 * or `libsqlite3.so` where there is only `libsqlite3.so.0`.
 */
export function similarLibraries(name: string): readonly string[] {
  const stem = name.replace(/^lib/, "").replace(/(\.so(\.\d+)*|(\.\d+)*\.dylib|\.dll)$/i, "");
  if (stem === "") return [];
  const spelling = new RegExp(
    `^(lib)?${escapeRegExp(stem)}(\\.so(\\.\\d+)*|(\\.\\d+)*\\.dylib|\\.dll)$`,
  );
  const names = new Set(
    standardDirectories()
      .flatMap(filesIn)
      .filter((file) => spelling.test(file) && file !== name),
  );
  return [...names].sort().slice(0, MAX_SUGGESTIONS);
}

/** Makes a text match itself in a regular expression. */
export function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

/**
 * The directories that the system's loader looks in, as far as they are known without its cache.
 */
export function standardDirectories(): readonly string[] {
  if (process.platform === "win32") {
    return [join(process.env.SystemRoot ?? "C:\\Windows", "System32")];
  }
  if (process.platform === "darwin") return ["/usr/local/lib", "/opt/homebrew/lib", "/usr/lib"];
  const triplet = `${process.arch === "arm64" ? "aarch64" : "x86_64"}-linux-gnu`;
  const configured = (process.env.LD_LIBRARY_PATH ?? "").split(":").filter(isAbsolute);
  const system = ["/usr/local/lib", `/usr/lib/${triplet}`, "/usr/lib64", "/usr/lib", "/lib64"];
  return [...configured, ...system, `/lib/${triplet}`, "/lib"];
}

function filesIn(directory: string): readonly string[] {
  try {
    return fs.readdirSync(directory);
  } catch {
    return []; // Absent, or not ours to read: there is nothing to suggest from it.
  }
}
