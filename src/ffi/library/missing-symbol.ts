import { fs } from "../../internal/file-system.js";
import type { Host } from "../call/host.js";
import type { LoadedLibrary } from "./open.js";
import { similarSymbols } from "./similar-symbols.js";

type Libraries = Pick<Host["libraries"], "findSymbol">;

/** What the library has in the symbol's stead; empty if nothing close. */
export function explainMissingSymbol(
  libraries: Libraries,
  library: LoadedLibrary,
  name: string,
): string {
  const other = spellings(name).find((spelling) => hasSymbol(libraries, library, spelling));
  if (other !== undefined) return `The library has "${other}"`;
  const mangled = mangledSymbol(library.file, name);
  if (mangled !== undefined && hasSymbol(libraries, library, mangled)) {
    return (
      `The library has "${mangled}", which is a C++ function of that name: declare it extern "C" ` +
      "there, or ask for it by the mangled name"
    );
  }
  const similar = similarSymbols(library, name)
    .filter((candidate) => hasSymbol(libraries, library, candidate))
    .slice(0, MAX_SUGGESTIONS);
  if (similar.length === 0) return "";
  return `Did you mean ${similar.map((candidate) => `"${candidate}"`).join(" or ")}?`;
}

/** How many similar symbols an error names. */
const MAX_SUGGESTIONS = 3;

/** With an underscore more or less; on Windows, for the two encodings of its API. */
function spellings(name: string): readonly string[] {
  const underscore = name.startsWith("_") ? name.slice(1) : `_${name}`;
  return process.platform === "win32" ? [underscore, `${name}W`, `${name}A`] : [underscore];
}

function hasSymbol(libraries: Libraries, { handle }: LoadedLibrary, name: string): boolean {
  try {
    libraries.findSymbol(handle, name);
    return true;
  } catch {
    return false;
  }
}

/** Larger files are not searched for the sake of an error message. Bytes. */
const MAX_SEARCHED_BYTES = 64 * 1024 * 1024;

/** The first `_Z<length><name>...` of the Itanium C++ ABI, section 5.1. */
function mangledSymbol(file: string | undefined, name: string): string | undefined {
  if (file === undefined || !/^\w+$/.test(name)) return undefined;
  try {
    if (fs.statSync(file).size > MAX_SEARCHED_BYTES) return undefined;
    const image = fs.readFileSync(file);
    const start = image.indexOf(`\0_Z${name.length}${name}`, "latin1");
    return start < 0 ? undefined : image.toString("latin1", start + 1, image.indexOf(0, start + 1));
  } catch {
    return undefined; // A name that the loader found in its own directories, or not readable.
  }
}
