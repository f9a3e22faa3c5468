import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { DynamicLibrary, dlopen } from "../../../../src/ffi/index.js";
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

describe.runIf(process.platform === "linux")("a symbol that is misspelt", () => {
  const source = `
    int gather(int x) { return x; }
    int gathers(int x) { return x; }
    int weights[4];
    __attribute__((visibility("hidden"))) int lighten(int x) { return x; }
    static int brighten(int x) { return lighten(x); }
    int use(int x) { return brighten(x); }`;
  const path = compileSource("misspelt", source, { directory: workspace });
  const here = <D extends Record<string, string>>(definitions: D) => dlopen(path, definitions).lib;
  const inHelper = <D extends Record<string, string>>(definitions: D) =>
    dlopen(path, definitions, { isolate: true }).lib as unknown as DynamicLibrary;

  it.each([
    ["in this process", here],
    ["in a helper process", inHelper],
  ])("is answered with what is nearest of what the library exports, %s", (_title, open) => {
    using lib = open({});
    const say = (name: string) => messageOf(() => lib.getSymbol(name));
    expect(say("gahter")).toMatch(/gahter\nDid you mean "gather"\?$/);
    expect(say("Gathers")).toMatch(/\nDid you mean "gathers"\?$/);
    expect(messageOf(() => lib.getFunction("int gatherr(int x)"))).toMatch(
      /\nDid you mean ("gather" or "gathers"|"gathers" or "gather")\?$/,
    );
    expect(messageOf(() => lib.getVariable("int weight[4]"))).toMatch(
      /\nDid you mean "weights"\?$/,
    );
    // What only the library itself can use, and what is nothing like it.
    expect(say("lightn")).not.toContain("Did you mean");
    expect(say("brightn")).not.toContain("Did you mean");
    expect(say("entirely_other")).not.toContain("Did you mean");
  });

  it("is told for a definition of dlopen", () => {
    for (const open of [here, inHelper]) {
      expect(messageOf(() => open({ gater: "int gater(int x)" }))).toMatch(
        /gater\nDid you mean "gather"\?$/,
      );
    }
  });

  it("is answered from the libraries of the process, by their names without a path, too", () => {
    using own = new DynamicLibrary(null);
    expect(messageOf(() => own.getSymbol("strlne"))).toMatch(/\nDid you mean .*"strlen"/);
    using libc = new DynamicLibrary(isGlibc ? "libc.so.6" : "libc.so");
    expect(messageOf(() => libc.getSymbol("qsrot"))).toMatch(/\nDid you mean .*"qsort"/);
  });

  it.runIf(isGlibc)(
    "is answered from where the loader found a library, in no directory of its own",
    () => {
      const file = compileSource("named", "int gather(int x) { return x; }", {
        directory: workspace,
        extraFlags: ["-Wl,-soname,libelsewhere.so"],
      });
      renameSync(file, `${workspace}/libelsewhere.so.1.2`);
      using elsewhere = new DynamicLibrary(`${workspace}/libelsewhere.so.1.2`);
      expect(elsewhere.getFunction("int gather(int x)")(2)).toBe(2);
      using lib = new DynamicLibrary("libelsewhere.so");
      expect(messageOf(() => lib.getSymbol("gahter"))).toMatch(/\nDid you mean "gather"\?$/);
    },
  );

  it("is not answered where there is no file to read", () => {
    using lib = new DynamicLibrary(readFileSync(path));
    expect(messageOf(() => lib.getSymbol("gahter"))).not.toContain("Did you mean");
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
