import { readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { describe, expect, it } from "vitest";
import { DynamicLibrary, dlopen } from "../../../../src/ffi/index.js";
import { compileSource, fixtureLibrary } from "../../../support/compile.js";
import { answerOf, makeWorkspace, messageOf } from "./workspace.js";

const workspace = makeWorkspace();
const leftOvers = () => readdirSync(tmpdir()).filter((name) => /^nearfar-\w{6}$/.test(name));

describe("a library from bytes", () => {
  it("is loaded and called, and says what it was loaded from", () => {
    const bytes = readFileSync(fixtureLibrary);
    const { lib, functions } = dlopen(bytes, { add_int32: "int32_t add_int32(int32_t, int32_t)" });
    expect(functions.add_int32(40, 2)).toBe(42);
    expect(lib.path).toBe(`<${bytes.byteLength} bytes in memory>`);
    lib.close();
    expect(() => functions.add_int32(1, 2)).toThrowError("Library is closed");
  });

  it("is another library for other bytes, and has its own data for the same", () => {
    const build = (answer: number) =>
      readFileSync(
        compileSource(
          `memory-${answer}`,
          `int next = ${answer}; int answer(void) { return next++; }`,
          {
            directory: workspace,
          },
        ),
      );
    const [five, six] = [build(5), build(6)];
    expect([answerOf(five), answerOf(six), answerOf(new Uint8Array(five))]).toEqual([5, 6, 5]);
    const [one, two] = [new DynamicLibrary(five), new DynamicLibrary(five)];
    const answers = [one, two, one].map((lib) => lib.getFunction("answer", { return: "int32" })());
    expect(answers).toEqual([5, 5, 6]);
  });

  it.runIf(process.platform !== "win32")("leaves no file behind, loaded or not", () => {
    const before = leftOvers();
    const lib = new DynamicLibrary(readFileSync(fixtureLibrary));
    expect(leftOvers()).toEqual(before);
    lib.close();
    const message = messageOf(() => new DynamicLibrary(Buffer.from("no library at all")));
    expect(message).toContain("dlopen failed: ");
    expect(message).toContain("is a text file, not a library");
    expect(leftOvers()).toEqual(before);
  });

  it("refuses no bytes", () => {
    expect(() => new DynamicLibrary(new Uint8Array(0))).toThrowError(
      "library bytes must not be empty or detached",
    );
  });

  it("says which directory could not be written to", () => {
    const before = process.env.TMPDIR;
    process.env.TMPDIR = `${workspace}/nowhere`;
    try {
      const message = messageOf(() => new DynamicLibrary(readFileSync(fixtureLibrary)));
      expect(message).toContain(
        `through a file in ${workspace}/nowhere, which could not be written`,
      );
    } finally {
      if (before === undefined) delete process.env.TMPDIR;
      else process.env.TMPDIR = before;
    }
  });
});
