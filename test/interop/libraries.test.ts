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
  libxml2: [
    "Käsespätzle",
    "Brezel & Obatzda",
    "dishes 2",
    "total 7.7",
    "cheapest Brezel & Obatzda",
    "vegan false",
    '  <dish price="4.80">K&#xE4;sesp&#xE4;tzle</dish>',
    "SyntaxError: line 2: Premature end of data in tag dish line 2",
    "ERR_INVALID_ARG_VALUE: xmlXPathNewContext: argument 1 (doc) must be bytes that are not detached, " +
      "got a detached buffer or freed memory",
  ],
  curl: [
    "libcurl true over true",
    "TLS true true",
    "k%C3%A4se%20%26%20brot käse & brot 12",
    "https://near.example:8443/far near.example 8443",
    "Port number was not a decimal number between 0 and 65535",
  ],
  sorting: [
    " -0.22 Quito",
    " 35.01 Kyōto",
    " 41.15 Porto",
    " 69.65 Tromsø",
    "at 41.15 Porto",
    "at 41.16 undefined",
    "qsort: argument 4 (compare): the callback's result must be an integer from -2147483648 to 2147483647, " +
      "got a string of 6 characters",
    "ERR_FFI_FREED_MEMORY",
  ],
  "c-library": [
    "open -1 true No such file or directory",
    "close -1 Bad file descriptor",
    "gmtime_r 2026 9 21 GMT",
    "strftime Monday, 21 September 2026, 14:13:20",
    "timegm 1792592000n 10 21",
    "snprintf 30 käse: 3 of 10000000000, 3.142",
    'snprintf: argument 4 must say its C type, as ["int", 5] or ["double", 0.5], got 3',
    "lgamma 1.2655 signgam -1",
  ],
  "raylib-like": [
    'turned {"x":2,"y":0}',
    'cross {"x":0,"y":0,"z":1}',
    'moved {"x":11,"y":7,"z":3}',
    'overlap {"x":700,"y":400,"width":100,"height":50}',
    "faded be21377f",
    "camera at 6",
    'hit {"hit":true,"distance":5,"point":{"x":0,"y":0,"z":1}}',
    "miss false",
    "ColorToInt: argument 1 (color).g must be an integer from 0 to 255, got 256",
    "ColorToInt: argument 1 (color).a must be an integer from 0 to 255, got undefined",
  ],
  "from-bytes": ["11e60398", "false", "ERR_FFI_LIBRARY_CLOSED", "ERR_FFI_CALL_FAILED"],
  progress: [
    "reading 1 of 100",
    "reading 2 of 100",
    "reading 3 of 100",
    "stopped after 3",
    "worked 4 told 0",
    "reading 1, reading 2, writing 3, writing 4",
    "uncaught not now",
    "worked 1",
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
      { cwd: repositoryRoot, encoding: "utf8", env: { ...process.env, LC_ALL: "C", ...env } },
    );
    // Where continuous integration runs, everything is installed, and nothing is left out.
    if (status === UNAVAILABLE && process.env.CI !== "true") skip(stderr.trim());
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout.trimEnd().split("\n")).toEqual(output);
  });
});

describe("an example without what it needs", () => {
  it("says which compiler is missing, in one line", () => {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [join("examples", "ffi", "from-bytes.mjs")],
      { cwd: repositoryRoot, encoding: "utf8", env: { ...process.env, CC: "no-such-compiler" } },
    );
    expect({ status, stdout }).toEqual({ status: UNAVAILABLE, stdout: "" });
    expect(stderr).toBe(
      "from-bytes.c needs a C compiler, and there is no no-such-compiler; Debian: gcc\n",
    );
  });
});
