import { join } from "node:path";
import { ArgumentError, NativeError } from "../../errors/index.js";
import { fs } from "../../internal/file-system.js";
import { suffix } from "../types/types.js";

/** A library's bytes as a file, because loaders take nothing else. */
export interface MemoryImage {
  readonly path: string;
  /** Removes the file; at the end of the process where the system keeps a loaded file. */
  remove(): void;
}

/**
 * Writes a library to a file that only this user can read, in a directory of its own. Its name is
 * never used twice, because loaders take a file of a known name for a library they have.
 */
export function writeMemoryImage(bytes: Uint8Array): MemoryImage {
  if (bytes.byteLength === 0) {
    throw new ArgumentError("library bytes must not be empty or detached");
  }
  const directory = makeDirectory();
  const path = join(directory, `library.${suffix}`);
  try {
    fs.writeFileSync(path, bytes, { mode: 0o600, flag: "wx" });
  } catch (error) {
    fs.rmSync(directory, { recursive: true, force: true });
    throw writeFailure(error);
  }
  return { path, remove: () => removeDirectory(directory) };
}

/** `lib.path` of a library from memory. */
export function describeMemoryImage(bytes: Uint8Array): string {
  return `<${bytes.byteLength} bytes in memory>`;
}

/** What `os.tmpdir` looks at first. */
const TEMPORARY_VARIABLE = process.platform === "win32" ? "TEMP" : "TMPDIR";

function temporaryDirectory(): string {
  return process.getBuiltinModule("node:os").tmpdir();
}

function makeDirectory(): string {
  try {
    return fs.mkdtempSync(join(temporaryDirectory(), "nearfar-")); // Made with the mode 0700.
  } catch (error) {
    throw writeFailure(error);
  }
}

function writeFailure(error: unknown): NativeError {
  const detail = error instanceof Error ? error.message : String(error);
  return new NativeError(
    "ERR_FFI_CALL_FAILED",
    `dlopen failed: a library in memory is loaded through a file in ${temporaryDirectory()}, which could not ` +
      `be written (${detail}); ${TEMPORARY_VARIABLE} names another directory`,
    { cause: error },
  );
}

function removeDirectory(directory: string): void {
  if (tryRemove(directory)) return;
  process.once("exit", () => tryRemove(directory));
}

function tryRemove(directory: string): boolean {
  try {
    fs.rmSync(directory, { recursive: true, force: true });
    return true;
  } catch {
    return false; // Windows keeps the file of a loaded library.
  }
}
