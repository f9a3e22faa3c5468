import { ArgumentError, describeValue, NativeError } from "../../errors/index.js";
import type { Host } from "../call/host.js";
import { explainMissingSymbol } from "./deferred.js";
import type { LoadedLibrary } from "./open.js";
import { splitVersion } from "./symbol-version.js";

type Libraries = Pick<Host["libraries"], "findSymbol">;

/**
 * The address of a symbol. `name@VERSION` and `name@@VERSION` ask for one version of it, as `nm`
 * prints them; not on Windows, where names may have an `@` of their own.
 */
export function findSymbol(libraries: Libraries, library: LoadedLibrary, symbol: unknown): bigint {
  if (typeof symbol !== "string") {
    throw new ArgumentError(
      `symbol name must be a string, got ${describeValue(symbol)}`,
      "ERR_INVALID_ARG_TYPE",
    );
  }
  if (symbol.includes("\0")) {
    throw new ArgumentError("symbol name must not contain a NUL character");
  }
  const { name, version } = splitVersion(symbol);
  try {
    return version === undefined
      ? libraries.findSymbol(library.handle, name)
      : libraries.findSymbol(library.handle, name, version);
  } catch (error) {
    if (error instanceof NativeError) throw error;
    const text = error instanceof Error ? error.message : String(error);
    const meaning = explainMissingSymbol(libraries, library, name);
    const message = [`dlsym failed: ${text}`, meaning].filter(Boolean).join("\n");
    throw new NativeError("ERR_FFI_CALL_FAILED", message, { cause: error });
  }
}
