import type { Host } from "../call/host.js";

type Libraries = Pick<Host["libraries"], "openLibrary" | "findSymbol">;

/** A lookup in vain costs up to 30 us; a library that is shadowed is so in most of its functions. */
const MAX_LOOKS = 16;

/** The paths that were warned of. */
const warned = new Set<string>();

/** Handles that are never closed, by path; null is the process itself. */
const handles = new Map<string | null, number>();

/**
 * glibc's mathematics, through which the loader finds the C library too, but not the executable. Of
 * C functions whose addresses it takes an executable that is not position-independent has entries
 * at other addresses: they lead to the same functions.
 */
const C_LIBRARY = "libm.so.6";

/**
 * Warns of a library whose functions the process has, too. ELF binds a name to its first definition,
 * which is the executable's: where node exports zlib, OpenSSL or libuv, functions of the library by
 * these names call node's, and the two mistake each other's structs (ld.so(8), dlopen(3)).
 */
export class ShadowWatch {
  readonly #libraries: Libraries;
  readonly #path: string;
  #looks = 0;

  constructor(libraries: Libraries, path: string) {
    this.#libraries = libraries;
    this.#path = path;
  }

  /** Warns, once for a path, if the process's symbol of that name is another one. */
  look(name: string, address: bigint): void {
    if (++this.#looks > MAX_LOOKS || warned.has(this.#path)) return;
    const other = this.#find(null, name);
    if (other === undefined || other === address) return;
    if (this.#find(C_LIBRARY, name) === address) return;
    warned.add(this.#path);
    warnAtOnce(
      `${this.#path}: the process has a function ${name} of its own, which this library may call in ` +
        "place of the library's; open it with { deepBind: true } or { isolate: true }, or with " +
        "{ deepBind: false } if that is meant",
    );
  }

  #find(path: string | null, name: string): bigint | undefined {
    try {
      const handle = handles.get(path) ?? this.#libraries.openLibrary(path, 0);
      handles.set(path, handle);
      return this.#libraries.findSymbol(handle, name);
    } catch {
      return undefined; // The usual case: only the library has it.
    }
  }
}

/** `emitWarning` prints with the next tick, and the first call may crash before that. */
function warnAtOnce(message: string): void {
  const warning = Object.assign(new Error(message), { code: "NEARFAR_SHADOWED_LIBRARY" });
  warning.name = "NearfarWarning";
  // Node's own listener prints, where warnings are not switched off.
  if (!process.emit("warning", warning)) process.emitWarning(warning);
}
