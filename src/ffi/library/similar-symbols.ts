import { basename } from "node:path";
import { fs } from "../../internal/file-system.js";
import { nearestNames } from "../declaration/suggestion.js";
import { locateLibrary } from "./elf-dependencies.js";
import { exportedSymbols } from "./exported-symbols.js";
import type { LoadedLibrary } from "./open.js";
import { isBareName } from "./search.js";

/**
 * The names nearest to a misspelt one among those that the library's own file exports, or, of the
 * process itself, the files that it is made of: some 50 ms for all names of node and its libraries.
 * None where libraries are not ELF files.
 */
export function similarSymbols(library: LoadedLibrary, name: string): readonly string[] {
  const isMangled = name.startsWith("_Z");
  const known = new Set<string>();
  for (const file of filesOf(library)) {
    for (const symbol of exportedSymbols(file, isMangled)) known.add(symbol);
  }
  known.delete(name);
  return nearestNames(name, known);
}

function filesOf({ path, file }: LoadedLibrary): readonly string[] {
  if (path === "") return filesOfProcess();
  if (file === undefined) return [];
  const found = mappedFile(file) ?? locateLibrary(file, []);
  return found === undefined ? [] : [found];
}

/**
 * Where the loader found a library by its bare name, which may be a link to `libz.so.1.2.13`; a
 * helper process may have found it elsewhere.
 */
function mappedFile(file: string): string | undefined {
  if (!isBareName(file)) return undefined;
  return filesOfProcess().find((path) => `${basename(path)}.`.startsWith(`${file}.`));
}

/** What of the process is mapped to be executed; see proc_pid_maps(5). */
function filesOfProcess(): readonly string[] {
  try {
    const maps = fs.readFileSync("/proc/self/maps", "utf8");
    return [...new Set(Array.from(maps.matchAll(EXECUTABLE_MAPPING), ([, path = ""]) => path))];
  } catch {
    return []; // Another system, or the permission model forbids it.
  }
}

const EXECUTABLE_MAPPING = /^\S+ r-xp (?:\S+ ){2}\S+ +(\/.+)$/gm;
