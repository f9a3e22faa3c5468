import { spawnSync } from "node:child_process";
import { afterAll, describe, expect, it } from "vitest";
import { dlopen } from "../../../src/ffi/index.js";
import { callsLibrary, callsTypes } from "../../support/calls-library.js";
import { repositoryRoot } from "../../support/compile.js";

/** A bad call of each kind: the function, its arguments as JavaScript source, what is said. */
const bad: readonly (readonly [name: string, args: string, message: string])[] = [
  ["negate", "", "negate: expected 1 argument, got 0"],
  ["echo_uint8", "1, 2", "echo_uint8: expected 1 argument, got 2"],
  ["echo_uint8", "300", "echo_uint8: argument 1 (x) must be an integer from 0 to 255, got 300"],
  ["text_and_number", "5, 5", "text_and_number: argument 1 (text) must be a string, got 5"],
  [
    "text_and_number",
    '"secret\\0", 5',
    "text_and_number: argument 1 (text) must be a string without a NUL character, " +
      "got a string of 7 characters",
  ],
  [
    "add_points",
    "{ x: 1, y: 1 }, { x: 1, y: null }",
    "add_points: argument 2 (b).y must be a number, got null",
  ],
  [
    "scale_point",
    "detached, 1",
    "scale_point: argument 1 (point) must be bytes that are not detached, " +
      "got a detached buffer or freed memory",
  ],
  [
    "call",
    '"f", 1',
    "call: argument 1 (function) must be a function, an address (a bigint) or null, " +
      "got a string of 1 character",
  ],
  ["sum_all", "", "sum_all: expected 1 argument, got 0"],
  [
    "sum_all",
    "1, 2",
    'sum_all: argument 2 must say its C type, as ["int", 5] or ["double", 0.5], got 2',
  ],
  [
    "sum_all",
    '1, ["int", 2.5]',
    "sum_all: argument 2 must be an integer from -2147483648 to 2147483647, got 2.5",
  ],
];

const declarations = {
  negate: "bool negate(bool x)",
  echo_uint8: "uint8_t echo_uint8(uint8_t x)",
  text_and_number: "int32_t text_and_number(const char *text, int32_t number)",
  add_points: "struct point add_points(struct point a, struct point b)",
  scale_point: "void scale_point(struct point *point, double factor)",
  call: "int32_t call(int32_t (*function)(int32_t), int32_t x)",
  sum_all: "double sum_all(int32_t count, ...)",
} as const;

/**
 * Prints what each call says that is waited for, and each that is not, in this process or a helper.
 */
const program = `
import { cdef, dlopen } from "./dist/ffi/index.js";
const [path, declarations, isolate] = JSON.parse(process.argv[1]);
const types = cdef("struct point { double x, y; };");
const { lib, functions } = dlopen(path, declarations, { types, isolate });
const detached = new Uint8Array(16);
structuredClone(detached.buffer, { transfer: [detached.buffer] });
const negate = functions.negate.sync ?? functions.negate;
// Enough for V8 to optimise the call, where a fast call is taken.
for (let index = 0; index < (isolate ? 1 : 200_000); index++) negate(index % 2 === 0);
const said = [];
for (const [name, args] of [${bad.map(([name, args]) => `["${name}", [${args}]]`).join(", ")}]) {
  const call = functions[name];
  const messages = [];
  try { (call.sync ?? call)(...args) } catch (error) { messages.push(error.message) }
  await call.async(...args).catch((error) => messages.push(error.message));
  said.push(messages);
}
lib.close();
console.log(JSON.stringify(said));
`;

function messages(
  flags: readonly string[],
  env: Readonly<Record<string, string>>,
  isolate: boolean,
) {
  const given = JSON.stringify([callsLibrary, declarations, isolate]);
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [...flags, "--input-type=module", "-e", program, "--", given],
    { cwd: repositoryRoot, encoding: "utf8", env: { ...process.env, ...env } },
  );
  expect(status, stderr).toBe(0);
  return JSON.parse(stdout) as string[][];
}

describe("a refused call names the function and the argument", () => {
  const expected = bad.map(([, , message]) => [message, message]);

  it.each([
    ["by the crossing of V8 where there is one", [], {}],
    ["by Node-API", [], { NEARFAR_FAST: "off" }],
    ["without code from strings", ["--disallow-code-generation-from-strings"], {}],
    ["without a compiler in V8", ["--jitless"], {}],
  ] as const)("%s, and asynchronously", (_title, flags, env) => {
    expect(messages(flags, env, false)).toEqual(expected);
  });

  it.runIf(process.platform === "linux")("in a helper process, too", () => {
    expect(messages([], {}, true)).toEqual(expected);
  });
});

describe("a refused vector call names the function and the argument", () => {
  const { lib, functions } = dlopen(callsLibrary, declarations, { types: callsTypes });
  afterAll(() => lib.close());

  it.each<[string, () => unknown, string]>([
    [
      "too few columns",
      () => functions.negate.map([] as never),
      "negate.map: expected 1 argument, got 0",
    ],
    [
      "a column of another type",
      () => functions.echo_uint8.map([new Int16Array(2)] as never),
      "echo_uint8.map: argument 1 (x) must be a Uint8Array or a Uint8ClampedArray or a constant, " +
        "got an Int16Array of 4 bytes",
    ],
    [
      "an element that is no bool",
      () => functions.negate.map([Uint8Array.of(0, 2)]),
      "negate.map: argument 1 (x)[1] must be 0 or 1 for a bool, got 2",
    ],
    [
      "a constant, in the words of a call",
      () => functions.echo_uint8.map([300], new Uint8Array(2)),
      "echo_uint8: argument 1 (x) must be an integer from 0 to 255, got 300",
    ],
    [
      "an out of another length",
      () => functions.echo_uint8.map([new Uint8Array(2)], new Uint8Array(3)),
      "echo_uint8.map: out must have 2 elements, got 3",
    ],
  ])("for %s", (_title, call, message) => {
    expect(call).toThrowError(expect.objectContaining({ message }));
  });
});

describe("a refused signal", () => {
  it("names the function", async () => {
    const { lib, functions } = dlopen(callsLibrary, declarations, { types: callsTypes });
    await expect(functions.negate.async.abortable({} as never, true)).rejects.toThrowError(
      "negate.async: signal must be an AbortSignal, got an object",
    );
    lib.close();
  });
});
