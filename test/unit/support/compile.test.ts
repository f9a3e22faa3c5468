import { chmodSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, it, vi } from "vitest";
import { dlopen, suffix } from "../../../src/ffi/index.js";
import { compileSource } from "../../support/compile.js";

const directory = mkdtempSync(join(tmpdir(), "nearfar-"));

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(directory, { recursive: true });
});

/** Does what a linker begins with, empties the file that it is to write, and fails. */
const failing = `#!/bin/sh
while [ $# -gt 0 ]; do
  [ "$1" = -o ] && : > "$2"
  shift
done
exit 1
`;

// Two files of tests that share a library compile it at the same time, each in a process of its own.
it.runIf(process.platform !== "win32")(
  "a library can be loaded while it is compiled once more",
  () => {
    const path = compileSource("answer", "int answer(void) { return 42; }", { directory });
    const compiler = join(directory, "failing-cc");
    writeFileSync(compiler, failing);
    chmodSync(compiler, 0o755);
    vi.stubEnv("CC", compiler);
    expect(() => compileSource("answer", "int answer(void) { return 43; }", { directory })).toThrow(
      "failing-cc",
    );
    using library = dlopen(path, { answer: "int answer(void)" });
    expect(library.functions.answer()).toBe(42);
    expect(readdirSync(directory).sort()).toEqual(["failing-cc", `libanswer.${suffix}`]);
  },
);
