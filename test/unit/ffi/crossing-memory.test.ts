import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { repositoryRoot } from "../../support/compile.js";

/**
 * Every value is passed often enough for V8 to optimise the call, which is when the crossing reads
 * memory and strings by itself; the program prints what C saw and how often.
 */
const program = `
import { dlopen } from "./dist/ffi/index.js";
const { lib, functions: c } = dlopen(null, {
  memcmp: { arguments: ["buffer", "buffer", "size_t"], return: "int" },
  memchr: { arguments: ["pointer", "int", "size_t"], return: "pointer" },
  strlen: { arguments: ["string"], return: "size_t" },
  strchr: "const char *strchr(const char *text, int unit)",
  strnlen: "size_t strnlen(const char *text, size_t most)",
  memmove: "void memmove(void *to, const void *from, size_t bytes)",
});
const OFTEN = 20_000;
const ERRORS = 200;
const lines = [];
function often(name, call, times = OFTEN) {
  const seen = new Map();
  let errors = 0;
  for (let index = 0; index < times && errors < ERRORS; index++) {
    let now;
    try { now = String(call(index)); } catch (error) { now = error.message; errors++; }
    seen.set(now, (seen.get(now) ?? 0) + 1);
  }
  for (const [value, count] of seen) lines.push(name + ": " + value + ", " + count + " times");
}
const same = new Uint8Array([1, 2, 3, 4]);
const large = new Uint8Array(4096).fill(7);
const second = large.subarray(1);
const views = {
  small: new Uint8Array([1, 2, 3, 4]),
  pooled: Buffer.from([1, 2, 3, 4]),
  part: new Uint8Array([9, 9, 1, 2, 3, 4, 9]).subarray(2, 6),
  data: new DataView(new Uint8Array([0, 1, 2, 3, 4]).buffer, 1),
  words: new Uint32Array([0x04030201]),
  shared: new Uint8Array(new SharedArrayBuffer(4)).fill(1),
  growable: new Uint8Array(new ArrayBuffer(4, { maxByteLength: 64 })).fill(1),
};
for (const [name, view] of Object.entries(views)) {
  often("memcmp " + name, () => Math.sign(c.memcmp(view, same, 4)));
  often("found in " + name, () => c.memchr(view, 1, 4) !== 0n);
}
often("new each time", (index) => Math.sign(c.memcmp(new Uint8Array([1, 2, 3, index & 7]), same, 4)));
often("empty", () => c.memcmp(new Uint8Array(0), same, 0));
often("not memory", () => c.memcmp("text", same, 0));
often("written", (index) => {
  large[0] = index & 1; c.memmove(second, large, 1); return large[1] === (index & 1);
});
const detached = new Uint8Array(4);
structuredClone(detached.buffer, { transfer: [detached.buffer] });
often("detached", () => c.memcmp(detached, same, 4));

const pieces = ["abcdefgh", "ijklmnop", "qrstuvwx"];
const texts = {
  empty: "", one: "a", seven: "abcdefg", eight: "abcdefgh", nine: "abcdefghi", sixteen: "abcdefghijklmnop",
  long: "x".repeat(5000), longer: "y".repeat(100_000), latin1: "caf\\u00e9 and more", wide: "\\u0142\\u00f3d\\u017a",
  surrogates: "\\u{1f600} smile", nul: "a\\0b", lateNul: "abcdefghijkl\\0", lateLatin1: "abcdefghijkl\\u00ff",
};
for (const [name, text] of Object.entries(texts)) {
  const times = text.length > 100 ? 200 : OFTEN;
  often("length of " + name, () => c.strlen(text), times);
  often("bounded length of " + name, () => c.strnlen(text, 12), times);
  often("tail of " + name, () => c.strchr(text, 0x65)?.slice(0, 40), times);
}
often("joined", (index) => c.strlen(pieces.slice(0, index % 4).join("") + index % 10));
often("cut", (index) => c.strchr(texts.sixteen.slice(index & 1), 0x6d));
often("alternating", (index) => (index & 1) === 0 ? c.strlen("plain text") : c.strlen("\\u00e9"));
const pointer = lib.registerCallback({ arguments: [], return: "void" }, () => {});
often("with a callback alive", (index) => c.strlen("alive") + Math.sign(c.memcmp(views.part, same, 4)));
lib.unregisterCallback(pointer);
lib.close();
often("closed", () => c.strlen("closed"));
often("closed, with memory", () => c.memcmp(same, same, 4));
console.log(JSON.stringify({ crossing: c.strlen.crossing, lines }));
`;

function run(flags: readonly string[], env: Record<string, string>) {
  const args = [...flags, "--input-type=module", "-e", program];
  const options = {
    cwd: repositoryRoot,
    encoding: "utf8",
    env: { ...process.env, ...env },
    maxBuffer: 64 * 1024 * 1024,
  } as const;
  const { status, stdout, stderr } = spawnSync(process.execPath, args, options);
  expect(status, stderr).toBe(0);
  return JSON.parse(stdout) as { crossing: string; lines: string[] };
}

describe("memory and strings", () => {
  const byNodeApi = run([], { NEARFAR_FAST: "off" });

  it("arrive as they are by Node-API", () => {
    expect(byNodeApi.crossing).toBe("node-api");
    expect(byNodeApi.lines).toContain("memcmp part: 0, 20000 times");
    expect(byNodeApi.lines).toContain("length of nine: 9, 20000 times");
    expect(byNodeApi.lines).toContain("tail of nine: efghi, 20000 times");
  });

  it.each([
    ["in code that becomes optimised", []],
    ["in code that is never optimised", ["--no-opt"]],
    ["among collections", ["--gc-interval=20000"]],
  ])("arrive the same by V8's crossing, %s", (_title, flags) => {
    expect(run(flags, {}).lines).toEqual(byNodeApi.lines);
  });
});
