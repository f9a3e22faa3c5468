import { writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { DynamicLibrary } from "../../../../src/ffi/index.js";
import { compileSource, fixtureLibrary } from "../../../support/compile.js";
import { makeWorkspace, messageOf } from "./workspace.js";

const workspace = makeWorkspace();
const report = process.report?.getReport() as { header?: { glibcVersionRuntime?: string } };
const isGlibc = report.header?.glibcVersionRuntime !== undefined;

describe("a symbol that is missing", () => {
  it("is named, in the loader's words", () => {
    using lib = new DynamicLibrary(fixtureLibrary);
    const message = messageOf(() => lib.getSymbol("no_such_symbol"));
    expect(message).toMatch(/^dlsym failed: .*no_such_symbol/);
    expect(message).not.toContain("The library has");
  });

  it("is answered with the name an underscore away", () => {
    const path = compileSource(
      "underscore",
      "int _hidden(void) { return 1; } int open_(void) { return 1; }",
      {
        directory: workspace,
      },
    );
    using lib = new DynamicLibrary(path);
    expect(messageOf(() => lib.getSymbol("hidden"))).toContain('The library has "_hidden"');
    expect(messageOf(() => lib.getSymbol("_open_"))).toContain('The library has "open_"');
  });

  it("is told to be a C++ function where it is one", () => {
    const source = `int twice(int x) { return 2 * x; } extern "C" int thrice(int x) { return 3 * x; }`;
    const path = compileSource("cplusplus", source, { directory: workspace, language: "c++" });
    using lib = new DynamicLibrary(path);
    const message = messageOf(() => lib.getFunction("int twice(int x)"));
    expect(message).toContain('The library has "_Z5twicei", which is a C++ function');
    expect(message).toContain('extern "C"');
    expect(lib.getFunction("int thrice(int x)")(2)).toBe(6);
    expect(lib.getFunction("_Z5twicei", { arguments: ["int32"], return: "int32" })(2)).toBe(4);
  });
});

describe.runIf(isGlibc)("symbol versions", () => {
  const script = `V1 { global: value; }; V2 { global: value; } V1;`;
  const source = `
    __asm__(".symver value_1, value@V1"); __asm__(".symver value_2, value@@V2");
    int value_1(void) { return 1; } int value_2(void) { return 2; }`;

  it("are asked for by name@VERSION, as nm prints them", () => {
    writeFileSync(`${workspace}/versions.map`, script);
    const path = compileSource("versioned", source, {
      directory: workspace,
      extraFlags: [`-Wl,--version-script=${workspace}/versions.map`],
    });
    using lib = new DynamicLibrary(path);
    const value = (name: string) => lib.getFunction(name, { return: "int32" })();
    expect([value("value"), value("value@V1"), value("value@@V2")]).toEqual([2, 1, 2]);
    expect(lib.getSymbol("value@V1")).not.toBe(lib.getSymbol("value@V2"));
    const message = messageOf(() => lib.getSymbol("value@V3"));
    expect(message).toMatch(/value.*V3/);
  });
});
