import { describe, expect, it } from "vitest";
import { runProgram } from "../../support/child.js";
import { fixtureLibrary } from "../../support/compile.js";

/**
 * Passes views of buffers that changed in every way there is, so often that V8's crossing is used,
 * and prints what came of it.
 */
const program = `
import { alloc, bytesOf, dlopen, getRawPointer, struct } from "./dist/ffi/index.js";
import { hash, hashInto } from "./dist/crypto/index.js";

const resizable = () => new ArrayBuffer(16, { maxByteLength: 64 });
const over = (make, size) => {
  const buffer = resizable(), view = make(buffer);
  buffer.resize(size);
  return view;
};
const detached = (make, buffer) => {
  const view = make(buffer);
  structuredClone(buffer, { transfer: [buffer] });
  return view;
};
const views = {
  "tracking, grown": () => over((buffer) => new Uint8Array(buffer, 4), 24),
  "tracking, DataView, grown": () => over((buffer) => new DataView(buffer, 4), 24),
  "tracking, Int32Array, shrunk": () => over((buffer) => new Int32Array(buffer, 4), 12),
  "tracking, shrunk to nothing": () => over((buffer) => new Uint8Array(buffer), 0),
  "tracking, DataView, shrunk to nothing": () => over((buffer) => new DataView(buffer), 0),
  "in bounds": () => over((buffer) => new Uint8Array(buffer, 0, 8), 8),
  "shared, grown": () => {
    const buffer = new SharedArrayBuffer(8, { maxByteLength: 32 });
    const view = new DataView(buffer);
    buffer.grow(32);
    return view;
  },
  "lost": () => over((buffer) => new Uint8Array(buffer, 8, 8), 8),
  "lost, Int32Array": () => over((buffer) => new Int32Array(buffer, 8, 2), 8),
  "lost, DataView": () => over((buffer) => new DataView(buffer, 8, 8), 8),
  "lost, tracking": () => over((buffer) => new Uint8Array(buffer, 12), 8),
  "lost, tracking, DataView": () => over((buffer) => new DataView(buffer, 12), 8),
  "lost, detached": () => detached((buffer) => new Uint8Array(buffer), new ArrayBuffer(8)),
  "lost, detached DataView": () => detached((buffer) => new DataView(buffer), new ArrayBuffer(8)),
  "lost, detached, resizable": () => detached((buffer) => new Uint8Array(buffer), resizable()),
};

const letters = "abcdefghijkl".split("").map((letter) => "const uint8_t *" + letter);
const definitions = {
  bytes: "uint64_t sum_plain(const void *memory, size_t length) __asm__(\\"sum_bytes\\")",
  sum_bytes: "uint64_t sum_bytes(const uint8_t *data, size_t length)",
  words: "uint64_t sum_words(const int32_t *data, size_t length) __asm__(\\"sum_bytes\\")",
  first_bytes: "uint32_t first_bytes(" + letters + ")",
};
const path = process.argv[1];
const ways = [dlopen(path, definitions).functions];
if (process.platform === "linux") ways.push(dlopen(path, definitions, { isolate: true }).functions);
const worded = (error) => error.code + " " + error.message;
const outcome = (call) => { try { return String(call()); } catch (error) { return worded(error); } };
const one = Uint8Array.of(1);
const Small = struct({ byte: "uint8", next: "pointer" });
const lines = [];
for (const functions of ways) {
  const near = functions === ways[0];
  const [bytes, sum, words, first] = ["bytes", "sum_bytes", "words", "first_bytes"]
    .map((name) => functions[name].sync ?? functions[name]);
  for (let warm = 0; near && warm < 50_000; warm++) { bytes(one, 1); sum(one, 1); words(null, 0); }
  for (const [name, make] of Object.entries(views)) {
    const add = (what, result) => lines.push([name, what, result]);
    add("pointer", outcome(() => bytes(make(), 0)));
    add("uint8_t *", outcome(() => sum(make(), 0)));
    add("int32_t *", outcome(() => words(make(), 0)));
    const later = near ? functions.sum_bytes.async : functions.sum_bytes;
    add("async", await later(make(), 0).then(String, worded));
    add("map", outcome(() => functions.sum_bytes.map([make(), 0], new BigUint64Array(1))));
    if (!name.startsWith("lost")) continue;
    add("by address", outcome(() => first(...Array(11).fill(one), make())));
    if (!near) continue;
    add("column", outcome(() => functions.bytes.map([0n, make()])));
    add("out", outcome(() => functions.bytes.map([0n, 0], make())));
    add("field", outcome(() => { Small.view().next = make(); }));
    add("view", outcome(() => Small.view(make())));
    add("bytesOf", outcome(() => bytesOf(make())));
    add("address", outcome(() => getRawPointer(make())));
    add("hash", outcome(() => hash("sha256", make())));
    add("hashInto", outcome(() => hashInto("sha256", "", make())));
  }
}
console.log(JSON.stringify(lines));
process.exit();
`;

const LOST = "ERR_INVALID_ARG_VALUE";
const GONE = "bytes that are not detached, got a detached buffer";
const GONE_HERE = `must be ${GONE} or freed memory`;
const EXPECTED: Readonly<Record<string, RegExp | string>> = {
  pointer: `${LOST} sum_plain: argument 1 (memory) ${GONE_HERE}`,
  "uint8_t *": `${LOST} sum_bytes: argument 1 (data) ${GONE_HERE}`,
  "int32_t *": `${LOST} sum_words: argument 1 (data) ${GONE_HERE}`,
  async: `${LOST} sum_bytes: argument 1 (data) ${GONE_HERE}`,
  map: `${LOST} sum_bytes.map: argument 1 (data) ${GONE_HERE}`,
  "by address": `${LOST} first_bytes: argument 12 (l) ${GONE_HERE}`,
  column: `${LOST} sum_plain.map: argument 2 (length) ${GONE_HERE}`,
  out: `${LOST} sum_plain.map: out ${GONE_HERE}`,
  field: /^ERR_INVALID_ARG_VALUE struct \(anonymous\)\.next must be bytes that are not detached/,
  view: `${LOST} memory ${GONE_HERE}`,
  bytesOf: `${LOST} memory ${GONE_HERE}`,
  address: `${LOST} source is a detached buffer`,
  hash: `${LOST} argument 2 (data) must be ${GONE}`,
  hashInto: `${LOST} argument 3 (out) must be ${GONE}`,
};

describe("a view of a buffer that changed its size", () => {
  it.each([
    ["as it comes", [], {}],
    ["by Node-API", [], { NEARFAR_FAST: "off" }],
    ["without generated code", ["--disallow-code-generation-from-strings"], {}],
  ])("is passed in bounds, and refused where it lost its memory: %s", (_way, flags, env) => {
    const { status, stdout, stderr } = runProgram(program, { flags, env, args: [fixtureLibrary] });
    expect(status, stderr).toBe(0);
    const lines = JSON.parse(stdout) as [string, string, string][];
    expect(lines.length).toBeGreaterThan(100);
    for (const [view, what, result] of lines) {
      const expected = view.startsWith("lost") ? (EXPECTED[what] ?? "nothing else") : "0";
      if (typeof expected === "string")
        expect([view, what, result]).toEqual([view, what, expected]);
      else expect(result, `${view}, ${what}`).toMatch(expected);
    }
  });
});
