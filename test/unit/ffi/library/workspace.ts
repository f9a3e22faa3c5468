import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { DynamicLibrary, type LibraryOptions } from "../../../../src/ffi/index.js";

/** A directory for the test file that calls this, removed when its tests are done. */
export function makeWorkspace(): string {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), "nearfar-test-")));
  afterAll(() => {
    try {
      rmSync(directory, { recursive: true, force: true });
    } catch (error) {
      // Windows keeps the file of a library that is still open.
      if (process.platform !== "win32") throw error;
    }
  });
  return directory;
}

/** What a library's `answer` gives: tells apart libraries that are built with different answers. */
export function answerOf(path: string | Uint8Array, options?: LibraryOptions): number {
  using lib = new DynamicLibrary(path, options);
  return lib.getFunction("answer", { return: "int32" })();
}

/** The message of what `run` throws. */
export function messageOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  throw new Error("nothing was thrown");
}
