import { isAbsolute } from "node:path";
import { fs } from "../../internal/file-system.js";
import { findDependent } from "./elf-dependencies.js";
import { describeForeignFile } from "./image-header.js";
import { isBareName, similarLibraries } from "./search.js";

/*
 * What a loader's refusal means and what to do about it. Loaders give no codes: their text is all
 * there is, so what is not recognised here is shown as it is. Sources: glibc's elf/dl-load.c,
 * dl-lookup.c and dl-version.c, musl's ldso/dynlink.c, dyld's messages, the Windows error codes.
 */

interface Rule {
  readonly pattern: RegExp;
  /** Undefined: the rule does not fit after all. `groups` are those of the pattern. */
  readonly explain: (path: string, groups: Readonly<Groups>) => string | undefined;
}

type Groups = Record<string, string | undefined>;

/** One sentence or more about why `path` was not loaded; empty if the text says all there is. */
export function explainLoadFailure(path: string, text: string): string {
  for (const { pattern, explain } of RULES) {
    const match = pattern.exec(text);
    const explanation = match && explain(path, match.groups ?? {});
    if (explanation) return explanation;
  }
  return "";
}

const RULES: readonly Rule[] = [
  {
    // glibc: the name of the file that is missing, which may be the library itself.
    pattern: /^(?<missing>[^\n]+?): cannot open shared object file: No such file or directory/,
    explain: (path, { missing }) => notFound(path, missing),
  },
  {
    // musl, which names the file that wanted it.
    pattern:
      /^Error loading shared library (?<missing>\S+): No such file or directory( \(needed by (?<dependent>[^\n]+)\))?/,
    explain: (path, { missing, dependent }) => notFound(path, missing, dependent),
  },
  {
    // dyld; newer ones have a UUID before the file that wanted it.
    pattern:
      /Library not loaded: (?<missing>\S+)(\s+Referenced from: (<[^>]*> )?(?<dependent>[^\n]+))?/,
    explain: (path, { missing, dependent }) => missingDependency(path, missing, dependent),
  },
  { pattern: /\(error 126\)/, explain: (path) => notFound(path) },
  {
    pattern:
      /(?<file>\S+): version [`'](?<version>[\w.]+)' not found( \(required by (?<dependent>[^\n)]+)\))?/,
    explain: (path, { file, version = "", dependent = path }) =>
      missingVersion(dependent, file, version),
  },
  {
    // Of the library or of one that it links.
    pattern: /(^(?<file>[^\n:]+): )?undefined symbol: (?<symbol>[^\s,]+)/,
    explain: (path, { file = path, symbol }) => undefinedSymbol(file, symbol),
  },
  {
    pattern: /^Error relocating (?<file>.+): (?<symbol>\S+): symbol not found/, // musl
    explain: (path, { file = path, symbol }) =>
      `${undefinedSymbol(file, symbol)}; a library built for glibc does not load on musl (Alpine)`,
  },
  { pattern: /\(error 127\)/, explain: (path) => undefinedSymbol(path, undefined) },
  {
    pattern:
      /cannot open shared object file: Permission denied|^Error loading shared library [^\n]+: Permission denied|\(error 5\)/,
    explain: (path) => `This user may not read ${path}: check its permissions and its directories'`,
  },
  {
    pattern: /failed to map segment from shared object|Operation not permitted/,
    explain: (path) =>
      `The system does not let ${path} be executed: its file system may be mounted with noexec, or ` +
      "a security policy forbids it; put the library elsewhere",
  },
  {
    // The file is the library or one that it links.
    pattern: /^(?<file>[^\n]+?): (wrong ELF class|invalid ELF header|file too short)/,
    explain: (path, { file = path }) => unsuitableFile(file),
  },
  {
    pattern: /Exec format error|not valid mach-o/i,
    explain: (path) => unsuitableFile(path),
  },
  {
    pattern: /incompatible architecture|\(error 193\)|only ET_DYN|\(error 216\)/,
    explain: (path) =>
      unsuitableFile(path) ?? `${path} is built for another architecture than ${process.arch}`,
  },
  {
    pattern: /cannot enable executable stack/,
    explain: (path) =>
      `${path} asks for an executable stack, which this system refuses: rebuild it with ` +
      "-z noexecstack",
  },
  {
    pattern: /cannot allocate memory in static TLS block/,
    explain: (path) =>
      `${path} needs thread-local memory that can only be had at the start of the process: run ` +
      "node with LD_PRELOAD set to it",
  },
  {
    pattern: /\(error 1114\)/,
    explain: (path) => `${path} was loaded, but its own initialisation (DllMain) failed`,
  },
];

function notFound(path: string, missing?: string, dependent?: string): string | undefined {
  if (missing !== undefined && missing !== path) return missingDependency(path, missing, dependent);
  if (isBareName(path)) return similarNames(path) ?? NOT_INSTALLED;
  if (!fs.existsSync(path)) return isAbsolute(path) ? undefined : FROM_WORKING_DIRECTORY;
  return describeForeignFile(path) === undefined ? missingDependency(path) : unsuitableFile(path);
}

const NOT_INSTALLED =
  "The system's directories have nothing of that name: install the package that has it, or give " +
  "its path";

const FROM_WORKING_DIRECTORY =
  "A path that is not absolute starts at the working directory; with { relativeTo: import.meta.url } " +
  "at the module's own";

/** `dependent` is who links it, as far as the loader says. */
function missingDependency(path: string, missing?: string, dependent?: string): string {
  const needed = missing ?? "a library";
  const libc = libcOf(missing ?? "");
  if (libc !== undefined) return `${path} is built for ${libc}, which this system does not use`;
  return (
    `${path} was found, but ${needed}, which ${linker(path, missing, dependent)} links, was not: ` +
    `install the package that has it, ${OWN_PLACE[process.platform === "win32" ? "windows" : "unix"]}`
  );
}

function linker(path: string, missing: string | undefined, dependent: string | undefined): string {
  const known = dependent ?? (missing && findDependent(path, missing));
  if (known === undefined) return "it or one of its libraries";
  return known === path ? "it" : known;
}

const OWN_PLACE = {
  unix:
    "put it beside and link with -Wl,-rpath,'$ORIGIN', or name its directory in " +
    (process.platform === "darwin" ? "DYLD_LIBRARY_PATH" : "LD_LIBRARY_PATH before node starts"),
  windows: "put it beside the library, or name its directory in PATH before node starts",
} as const;

/** The C library that a dependency's name gives away. */
function libcOf(name: string): string | undefined {
  if (/^libc\.musl-|^ld-musl-/.test(name)) return "musl (Alpine)";
  return /^ld-linux|^libc\.so\.6$/.test(name) ? "glibc" : undefined;
}

function missingVersion(path: string, file: string | undefined, version: string): string {
  const what = /^GLIBC_/.test(version)
    ? "a newer glibc than this system has"
    : /^(GLIBCXX|CXXABI)_/.test(version)
      ? "a newer libstdc++ than this system has"
      : `another version of ${file ?? "a library"} than this system has`;
  return `${path} was built with ${what} (${version}): rebuild it here, or use a newer system`;
}

function undefinedSymbol(path: string, symbol: string | undefined): string {
  const what = symbol === undefined ? "a symbol" : symbol;
  return (
    `${path} uses ${what}, which no library it links has: link it with the library that does, ` +
    "load that one first with { global: true }, or install the version it was built with; with " +
    '{ binding: "lazy" } it loads, and the process ends where the symbol is used'
  );
}

function unsuitableFile(path: string): string | undefined {
  const what = describeForeignFile(path);
  return what && `${path} ${what}`;
}

function similarNames(name: string): string | undefined {
  const similar = similarLibraries(name);
  if (similar.length === 0) return undefined;
  const list = similar.map((file) => `"${file}"`).join(", ");
  return `Names are taken as they are given; the system's directories have ${list}`;
}
