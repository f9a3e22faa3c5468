import { mkdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import { DynamicLibrary, dlopen, type LibraryOptions } from "../../../../src/ffi/index.js";
import { compileSource, fixtureLibrary } from "../../../support/compile.js";
import { answerOf, makeWorkspace, messageOf } from "./workspace.js";

const workspace = makeWorkspace();
const first = join(workspace, "first");
const second = join(workspace, "second");
const file = basename(
  compileSource("placed", "int answer(void) { return 1; }", { directory: first }),
);
compileSource("placed", "int answer(void) { return 2; }", { directory: second });

const onWindows = process.platform === "win32";
const report = process.report?.getReport() as { header?: { glibcVersionRuntime?: string } };
const isGlibc = report.header?.glibcVersionRuntime !== undefined;

/** What loaders find by its name alone. */
const SYSTEM_LIBRARIES: Partial<Record<NodeJS.Platform, string>> = {
  darwin: "libm.dylib",
  win32: "ucrtbase.dll",
};

const open = (options: unknown) => () =>
  new DynamicLibrary(fixtureLibrary, options as LibraryOptions);

describe("options of a library", () => {
  it("names an option that does not exist, and the ones that do", () => {
    expect(open({ gloabl: true })).toThrowError(/options has no option "gloabl"; known: .*global/);
    expect(() => dlopen(fixtureLibrary, {}, { lazzy: true } as never)).toThrowError(
      /no option "lazzy"; known: lazy, .*search/,
    );
    expect(open(null)).toThrowError("options must be an object, got null");
  });

  it.each([
    [{ binding: "later" }, 'options.binding must be one of "now", "lazy", got "later"'],
    [{ global: 1 }, "options.global must be true or false, got 1"],
    [{ noDelete: "yes" }, "options.noDelete must be true or false"],
    [{ deepBind: null }, "options.deepBind must be true or false, got null"],
    [{ serialize: 0 }, "options.serialize must be true or false, got 0"],
    [{ search: "lib" }, "options.search must be an array of directories"],
    [{ search: ["lib", 5] }, "options.search[1] must be a directory's path, got 5"],
    [{ search: [""] }, "options.search[0] must be a directory's path"],
    [{ relativeTo: 5 }, "options.relativeTo must be a directory or a file: URL, got 5"],
    [{ relativeTo: "https://example.org/a.js" }, 'got a URL of "https:"'],
    [
      { isolate: "yes" },
      "options.isolate must be true, false, options or an Isolate, got a string",
    ],
    [{ isolate: { timeout: 5 } }, 'options.isolate has no option "timeout"; known: timeoutMs'],
    [{ isolate: { processes: 0 } }, "options.isolate.processes must be an integer from 1 to 64"],
    [{ isolate: { sharedBytes: 3e6 } }, "options.isolate.sharedBytes must be a power of two"],
  ])("refuses %o", (options, message) => {
    const error = expect.objectContaining({ message: expect.stringContaining(message) });
    expect(open(options)).toThrowError(error);
  });

  it.each([
    {},
    { binding: "now" },
    ...(onWindows ? [] : [{ binding: "lazy", global: true } as const]),
    { noDelete: true },
    { serialize: true, isolate: false },
  ] satisfies LibraryOptions[])("opens with %o", (options) => {
    using lib = new DynamicLibrary(fixtureLibrary, options);
    expect(lib.getFunction("int32_t add_int32(int32_t a, int32_t b)")(40, 2)).toBe(42);
  });

  it.runIf(onWindows)("cannot be global on Windows, which has no such symbols", () => {
    expect(open({ global: true })).toThrowError("Windows has no symbols that are global");
  });

  it.skipIf(onWindows)("lets a later library use the symbols of a global one, no others", () => {
    const source = "int shared_answer(void) { return 7; }";
    const user = compileSource(
      "uses-global",
      "extern int shared_answer(void); int answer(void) { return shared_answer(); }",
      { directory: workspace },
    );
    const local = new DynamicLibrary(compileSource("local", source, { directory: workspace }));
    expect(() => new DynamicLibrary(user, { binding: "now" })).toThrowError("shared_answer");
    const global = new DynamicLibrary(compileSource("global", source, { directory: workspace }), {
      global: true,
    });
    expect(answerOf(user, { binding: "now" })).toBe(7);
    local.close();
    global.close();
  });

  it.runIf(process.platform === "linux")(
    "stays mapped after close when noDelete asks for it",
    () => {
      const isMapped = (path: string) => readFileSync("/proc/self/maps", "utf8").includes(path);
      const open = (name: string, options: LibraryOptions) => {
        const path = compileSource(name, "int answer(void) { return 1; }", {
          directory: workspace,
        });
        expect(answerOf(path, options)).toBe(1);
        return path;
      };
      // musl unmaps no library (dlclose does nothing there).
      expect(isMapped(open("unmapped", {}))).toBe(!isGlibc);
      expect(isMapped(open("kept", { noDelete: true }))).toBe(true);
    },
  );

  it.runIf(isGlibc)(
    "prefers its own symbols to those of the process when deepBind asks for it",
    () => {
      const source = `
      __attribute__((noinline)) int contested(void) { return 2; }
      int answer(void) { return contested(); }`;
      const directory = workspace;
      using global = new DynamicLibrary(
        compileSource("contested", "int contested(void) { return 1; }", { directory }),
        { global: true },
      );
      const extraFlags = ["-O0"];
      const paths = ["shallow", "deep"].map((name) =>
        compileSource(name, source, { directory, extraFlags }),
      ) as [string, string];
      expect(answerOf(paths[0])).toBe(1);
      expect(answerOf(paths[1], { deepBind: true })).toBe(2);
      expect(global.getSymbol("contested")).toBeTypeOf("bigint");
    },
  );
});

describe.runIf(isGlibc)("a library whose functions the process has, too", () => {
  const directory = workspace;
  const source = "int veiled(void) { return 1; }";
  const path = compileSource(
    "veiled",
    `#include <stdlib.h>
     ${source}
     void drop(void *memory) { free(memory); }
     int lone(void) { return veiled(); }`,
    { directory },
  );
  const warningsOf = (functions: readonly string[], options: LibraryOptions = {}) => {
    using _global = new DynamicLibrary(compileSource("veil", source, { directory }), {
      global: true,
    });
    const warnings: Error[] = [];
    const listener = (warning: Error) => warnings.push(warning);
    process.on("warning", listener);
    for (let round = 0; round < 2; round++) {
      using lib = new DynamicLibrary(path, options);
      for (const name of functions) lib.getFunction(name, { return: "int" });
    }
    process.off("warning", listener);
    return warnings.map(({ message }) => message);
  };

  it("is not warned of where it says whose functions it uses, or has them alone", () => {
    expect(warningsOf(["veiled"], { deepBind: true })).toEqual([]);
    expect(warningsOf(["veiled"], { deepBind: false })).toEqual([]);
    expect(warningsOf(["lone"])).toEqual([]);
    // An executable may have an address of its own for it, which leads to the same function.
    expect(warningsOf(["free"])).toEqual([]);
  });

  it("is warned of before its first call, once for each path, naming a function and the way out", () => {
    const [warning, ...others] = warningsOf(["lone", "veiled"]);
    expect(warning).toContain(`${path}: the process has a function veiled of its own`);
    expect(warning).toContain("{ deepBind: true }");
    expect(others).toEqual([]);
  });
});

describe("relativeTo", () => {
  it("looks next to a module first, for names and relative paths", () => {
    const module = pathToFileURL(join(first, "module.mjs"));
    expect(answerOf(file, { relativeTo: module })).toBe(1);
    expect(answerOf(`./${file}`, { relativeTo: module.href })).toBe(1);
    expect(answerOf(`../second/${file}`, { relativeTo: module })).toBe(2);
    expect(answerOf(file, { relativeTo: second })).toBe(2);
    expect(answerOf(`first/${file}`, { relativeTo: pathToFileURL(`${workspace}/`) })).toBe(1);
  });

  it("leaves absolute paths, and paths it does not find, as they are", () => {
    expect(answerOf(join(second, file), { relativeTo: first })).toBe(2);
    const installed = SYSTEM_LIBRARIES[process.platform] ?? "libm.so.6";
    using lib = new DynamicLibrary(installed, { relativeTo: first });
    expect(lib.path).toBe(installed);
    const missing = messageOf(() => new DynamicLibrary("./no.so", { relativeTo: first }));
    expect(missing).toContain(join(first, "no.so"));
  });
});

describe("search", () => {
  it("tries directories in order, for names without a slash only", () => {
    expect(answerOf(file, { search: [first, second] })).toBe(1);
    expect(answerOf(file, { search: [dirname(first), second, first] })).toBe(2);
    expect(answerOf(file, { search: ["first"], relativeTo: workspace })).toBe(1);
    expect(() => new DynamicLibrary(`./${file}`, { search: [first] })).toThrowError(file);
  });

  it("says the path it found, and on failure where it looked", () => {
    using lib = new DynamicLibrary(file, { search: [second] });
    expect(lib.path).toBe(join(second, file));
    const empty = join(workspace, "empty");
    mkdirSync(empty, { recursive: true });
    const message = messageOf(() => new DynamicLibrary("libnone.so", { search: [empty, first] }));
    expect(message).toContain(`${join(empty, "libnone.so")}, ${join(first, "libnone.so")}`);
  });
});
