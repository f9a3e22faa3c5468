import { readdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import { loadDeferred, provideDeferred } from "../../../src/internal/load-deferred.js";
import { runProgram } from "../../support/child.js";

const files = readdirSync("src", { recursive: true, encoding: "utf8" }).filter((path) =>
  /(^|[\\/])deferred\.ts$/.test(path),
);

describe("what is loaded when it is needed", () => {
  it.each(files)("is functions, and no classes or values: %s", async (path) => {
    const exported: object = await import(pathToFileURL(join("src", path)).href);
    expect(Object.keys(exported)).not.toHaveLength(0);
    for (const [name, value] of Object.entries(exported)) {
      expect(typeof value, name).toBe("function");
      expect(String(value), name).not.toMatch(/^class\b/);
    }
  });

  it("is not loaded by an import, and is by the first call", () => {
    const program = `
      import { createRequire } from "node:module";
      import { cdef } from "./dist/ffi/index.js";
      const { cache } = createRequire(import.meta.url);
      const isLoaded = () => Object.keys(cache).some((path) => path.endsWith("ffi-declaration.js"));
      console.log(isLoaded());
      cdef("enum color { RED };");
      console.log(isLoaded());`;
    expect(runProgram(program).stdout).toBe("false\ntrue\n");
  });

  it("is neither for a call by a plain prototype, nor are Node's worker threads", () => {
    const program = `
      import { createRequire } from "node:module";
      import { DynamicLibrary } from "./dist/ffi/index.js";
      const { cache } = createRequire(import.meta.url);
      const library = new DynamicLibrary(null);
      const loaded = () => [
        ...Object.keys(cache).filter((path) => path.includes("deferred")),
        ...process.moduleLoadList.filter((name) => name.endsWith(" worker_threads")),
      ].length;
      console.log(library.getFunction("int abs(int value)")(-2), loaded());
      await import("node:worker_threads");
      console.log(library.getFunction("void *bsearch(int key[1])").length, loaded());`;
    expect(runProgram(program).stdout).toBe("2 0\n1 2\n");
  });

  it("is what a bundle hands over", () => {
    const functions = { answer: () => 42 };
    provideDeferred("a test's", functions);
    expect(loadDeferred("a test's")).toBe(functions);
  });

  it("is missed in a bundle with what to do about it", () => {
    expect(() => loadDeferred("absent")).toThrow(
      /bundled without nearfar's module absent; keep nearfar out .* the condition "module"$/,
    );
  });
});
