import { ArgumentError, NativeError } from "../../errors/index.js";
import type { Host } from "../call/host.js";
import { requireAllowed, requireAllowedMemory } from "./allow-list.js";
import { describeMemoryImage, explainLoadFailure, writeMemoryImage } from "./deferred.js";
import type { ResolvedLibraryOptions } from "./options.js";
import { requirePermission } from "./permission.js";
import { locate } from "./search.js";

/** A library that the system's loader has loaded. */
export interface LoadedLibrary {
  /** The native handle. */
  readonly handle: number;
  /** The path it was loaded by, empty for the process itself; of bytes, a description. */
  readonly path: string;
  /** The file to look into when something is missing. */
  readonly file: string | undefined;
}

/**
 * Loads a library: the process itself (null), a path or name, or bytes. Throws
 * `ERR_ACCESS_DENIED`, or `ERR_FFI_CALL_FAILED` with the loader's words and what they mean.
 */
export function openLibrary(
  libraries: Host["libraries"],
  source: string | Uint8Array | null,
  options: ResolvedLibraryOptions,
): LoadedLibrary {
  if (source instanceof Uint8Array) return openBytes(libraries, source, options);
  const { path, tried } =
    source === null
      ? { path: null, tried: [] }
      : locate(source, options.relativeTo, options.search);
  requirePermission(path);
  requireAllowed(path);
  const handle = load(libraries, path, options.flags, tried);
  return { handle, path: path ?? "", file: path ?? undefined };
}

function openBytes(
  libraries: Host["libraries"],
  bytes: Uint8Array,
  { flags, isolate }: ResolvedLibraryOptions,
): LoadedLibrary {
  if (isolate !== undefined) {
    throw new ArgumentError(
      "library path must be a path for an isolated library: its bytes would be gone when the " +
        "helper process has to load it again",
    );
  }
  requirePermission(null);
  requireAllowedMemory();
  const image = writeMemoryImage(bytes);
  try {
    const handle = load(libraries, image.path, flags, []);
    return { handle, path: describeMemoryImage(bytes), file: undefined };
  } finally {
    image.remove();
  }
}

function load(
  libraries: Host["libraries"],
  path: string | null,
  flags: number,
  tried: readonly string[],
): number {
  try {
    return libraries.openLibrary(path, flags);
  } catch (error) {
    if (error instanceof NativeError) throw error;
    const text = error instanceof Error ? error.message : String(error);
    const meaning = path === null ? "" : explainLoadFailure(path, text);
    const places = tried.length === 0 ? "" : `not found before that: ${tried.join(", ")}`;
    const message = [`dlopen failed: ${text}`, meaning, places].filter(Boolean).join("\n");
    throw new NativeError("ERR_FFI_CALL_FAILED", message, { cause: error });
  }
}
