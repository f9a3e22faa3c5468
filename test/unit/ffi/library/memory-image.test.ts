import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { DynamicLibrary, dlopen } from "../../../../src/ffi/index.js";
import { compileSource, fixtureLibrary } from "../../../support/compile.js";
import { answerOf, makeWorkspace, messageOf } from "./workspace.js";

const workspace = makeWorkspace();

/** Has `run` find another directory for temporary files. */
function withTemporary(directory: string, run: (variable: string) => void): void {
  const variable = process.platform === "win32" ? "TEMP" : "TMPDIR";
  const before = process.env[variable];
  process.env[variable] = directory;
  try {
    run(variable);
  } finally {
    if (before === undefined) delete process.env[variable];
    else process.env[variable] = before;
  }
}

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
    const directory = `${workspace}/temporary`;
    mkdirSync(directory);
    withTemporary(directory, () => {
      const lib = new DynamicLibrary(readFileSync(fixtureLibrary));
      expect(readdirSync(directory)).toEqual([]);
      lib.close();
      const message = messageOf(() => new DynamicLibrary(Buffer.from("no library at all")));
      expect(message).toContain("dlopen failed: ");
      expect(message).toContain("is a text file, not a library");
      expect(readdirSync(directory)).toEqual([]);
    });
  });

  it("refuses no bytes", () => {
    expect(() => new DynamicLibrary(new Uint8Array(0))).toThrowError(
      "library bytes must not be empty or detached",
    );
  });

  it("says which directory could not be written to", () => {
    withTemporary(`${workspace}/nowhere`, (variable) => {
      const message = messageOf(() => new DynamicLibrary(readFileSync(fixtureLibrary)));
      expect(message).toContain(
        `through a file in ${workspace}/nowhere, which could not be written`,
      );
      expect(message).toContain(`${variable} names another directory`);
    });
  });
});
