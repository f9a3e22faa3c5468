import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { repositoryRoot } from "../support/compile.js";

/** What each program of examples/ffi prints. */
const outputs: Readonly<Record<string, readonly string[]>> = {
  sqlite: [
    "Earth 1n 5.97e+24 ♁ null",
    "Saturn 146n 5.68e+26 ♄ rings",
    "from C: Earth has 1",
    "from C: Saturn has 146",
    "eßürG",
    "Error: reversed() takes text",
    "Error: no such table: moon",
    "Error: table planet has 5 columns but 1 values were supplied",
    "RangeError: no more rows after Earth",
    "Error: unable to open database file",
  ],
  zlib: [
    "compressed 2000 to 59",
    "the same again true",
    "in pieces of 64 33 true",
    "crc32 f50fbda1",
    "combined true true true",
    "not compressed: data error",
  ],
};

/** The ways that a call can go must not make a difference. */
const ways = {
  "as it comes": { flags: [], env: {} },
  "by Node-API only": { flags: [], env: { NEARFAR_FAST: "off" } },
  "without code generation": { flags: ["--disallow-code-generation-from-strings"], env: {} },
} as const satisfies Record<string, { flags: readonly string[]; env: Record<string, string> }>;

/** The status of an example whose library or compiler is missing: EX_UNAVAILABLE of sysexits.h. */
const UNAVAILABLE = 69;

describe.each(Object.entries(outputs))("examples/ffi/%s.mjs", (name, output) => {
  it.for(Object.entries(ways))("runs %s", ([, { flags, env }], { skip }) => {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [...flags, join("examples", "ffi", `${name}.mjs`)],
      { cwd: repositoryRoot, encoding: "utf8", env: { ...process.env, ...env } },
    );
    // Where continuous integration runs, everything is installed, and nothing is left out.
    if (status === UNAVAILABLE && process.env.CI !== "true") skip(stderr.trim());
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout.trimEnd().split("\n")).toEqual(output);
  });
});
