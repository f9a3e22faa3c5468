import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { currentLibc } from "../../../src/internal/libc.js";
import { loadNative } from "../../../src/internal/loader.js";
import { fixtureLibrary, repositoryRoot } from "../../support/compile.js";
import { writeProgram } from "../../support/elf.js";

const program = `
import { DynamicLibrary } from "./dist/ffi/index.js";
const lib = new DynamicLibrary(process.argv[1]);
const add = lib.getFunction("int32_t add_int32(int32_t a, int32_t b)");
let sum = 0;
// Enough for V8 to optimise the call, where a fast call is taken.
for (let index = 0; index < 300_000; index++) sum = (sum + add(index, 1)) | 0;
const refused = [];
for (const value of [2.5, "1", 2 ** 31]) try { add(value, 1) } catch (error) { refused.push(error.message) }
for (const construct of [() => new add(1, 2), () => new add.async(1, 2)]) {
  try { construct() } catch (error) { refused.push(error.name + ": " + error.message) }
}
lib.close();
try { add(1, 2) } catch (error) { refused.push(error.code) }
console.log(JSON.stringify({ crossing: add.crossing, sum, refused }));
`;

function run(flags: readonly string[], env: Record<string, string>) {
  const args = [...flags, "--input-type=module", "-e", program, "--", fixtureLibrary];
  const options = {
    cwd: repositoryRoot,
    encoding: "utf8",
    env: { ...process.env, ...env },
  } as const;
  const { status, stdout, stderr } = spawnSync(process.execPath, args, options);
  expect(status, stderr).toBe(0);
  return JSON.parse(stdout) as { crossing: string; sum: number; refused: string[] };
}

describe("the crossings", () => {
  const byNodeApi = run([], { NEARFAR_FAST: "off" });

  it("is Node-API's when NEARFAR_FAST is off", () => {
    expect(byNodeApi.crossing).toBe("node-api");
    expect(byNodeApi.refused).toHaveLength(6);
  });

  it("are of functions that cannot be constructed", () => {
    expect(byNodeApi.refused).toContain("TypeError: add is not a constructor");
    expect(byNodeApi.refused).toContain("TypeError: add.async is not a constructor");
  });

  it.each([
    ["by default", []],
    ["without a compiler in V8", ["--jitless"]],
    ["without code from strings", ["--disallow-code-generation-from-strings"]],
  ])("give the same results and refusals %s", (_title, flags) => {
    const { sum, refused } = run(flags, {});
    expect({ sum, refused }).toEqual({ sum: byNodeApi.sum, refused: byNodeApi.refused });
  });

  it.runIf(process.platform === "linux")("is Node-API's in a program for musl", () => {
    const path = join(mkdtempSync(join(tmpdir(), "nearfar-musl-")), "node");
    onTestFinished(() => rmSync(dirname(path), { recursive: true }));
    writeProgram(path, "/lib/ld-musl-x86_64.so.1");
    const disguise = `data:text/javascript,process.execPath=${JSON.stringify(path)}`;
    // By its path: of prebuilt ones it would be offered that for musl.
    const env = { NEARFAR_NATIVE: loadNative().path ?? "" };
    const { crossing, sum, refused } = run(["--import", disguise], env);
    expect(crossing).toBe("node-api");
    expect({ sum, refused }).toEqual({ sum: byNodeApi.sum, refused: byNodeApi.refused });
  });

  it("is V8's on every Node that the tests run under, on the targets that were tested", () => {
    const isTested = process.arch === "x64" && currentLibc() === "glibc";
    expect(run([], {}).crossing).toBe(isTested ? "v8" : "node-api");
  });
});
