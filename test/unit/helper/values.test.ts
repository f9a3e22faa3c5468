import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { suffix } from "../../../src/ffi/index.js";
import { callsLibrary } from "../../support/calls-library.js";
import { compileSource, repositoryRoot } from "../../support/compile.js";
import { HelperProcess, type Line } from "./helper-client.js";

const hostileLibrary = join(repositoryRoot, "out", "fixtures", `libhostile.${suffix}`);
let helper: HelperProcess;
let calls: unknown;
let hostile: unknown;

beforeAll(async () => {
  helper = new HelperProcess();
  calls = (await helper.ask({ cmd: "load", path: callsLibrary })).handle;
  hostile = (await helper.ask({ cmd: "load", path: hostileLibrary })).handle;
});
afterAll(() => helper.close());

interface Options {
  readonly handle?: unknown;
  readonly [option: string]: unknown;
}

/** Calls a function of the fixtures with arguments as JSON text, which keeps their digits. */
async function call(
  name: string,
  ret_type: unknown,
  arg_types: readonly unknown[],
  args: string,
  { handle = calls, ...options }: Options = {},
): Promise<{ readonly text: string; readonly line: Line }> {
  const sym = { cmd: "sym", handle, name, ret_type, arg_types, ...options };
  const { sym_id } = await helper.ask(sym);
  helper.write(`{"cmd":"call","sym_id":"${sym_id}","args":[${args}],"id":0}\n`);
  const text = (await helper.readText()) ?? "";
  return { text, line: JSON.parse(text) as Line };
}

describe("numbers", () => {
  test.each([
    ["9007199254740991", "9007199254740991"],
    ["-9007199254740991", "-9007199254740991"],
    ["9007199254740992", '"9007199254740992"'],
    ["9223372036854775807", '"9223372036854775807"'],
    ["-9223372036854775808", '"-9223372036854775808"'],
    ['"9223372036854775807"', '"9223372036854775807"'],
    ['"42"', "42"],
  ])("the 64-bit integer %s comes back as %s", async (given, expected) => {
    const { text } = await call("echo_int64", "int64", ["int64"], given);
    expect(text).toBe(`{"ok":true,"result":${expected},"id":0}`);
  });

  test.each([
    ["int8", "-129", "from -128 to 127"],
    ["uint8", "256", "from 0 to 255"],
    ["uint8", "-1", "from 0 to 255"],
    ["int64", "9223372036854775808", "from -9223372036854775808 to 9223372036854775807"],
    ["uint64", "-1", "from 0 to 18446744073709551615"],
    ["int32", "1.5", "an integer"],
    ["int32", "1e2", "an integer"],
    ["int32", '"12x"', "got a string"],
    ["int32", "true", "got a boolean"],
    ["bool", "2", "true or false"],
    ["float", "1e39", "a number that its type holds"],
    ["double", "1e999", "a number that its type holds"],
    ["double", '"inf"', "a number that its type holds"],
    ["double", '"0x10"', "a number that its type holds"],
    ["double", "null", "a number that its type holds"],
  ])("an argument of type %s cannot be %s", async (type, given, message) => {
    const { line } = await call("echo_int64", "int64", [type], given);
    expect(line.error?.code).toBe("ERR_TYPE_ERROR");
    expect(line.error?.message).toContain(message);
  });

  test.each([
    ["0.1", "0.1"],
    ["-0.0", "-0"],
    ["5e-324", "5e-324"],
    ["1.7976931348623157e308", "1.7976931348623157e+308"],
    ['"NaN"', '"NaN"'],
    ['"Infinity"', '"Infinity"'],
    ['"-Infinity"', '"-Infinity"'],
    ["3", "3"],
  ])("the double %s comes back as %s", async (given, expected) => {
    const { text } = await call("same", "double", ["double"], given, { handle: hostile });
    expect(text).toBe(`{"ok":true,"result":${expected},"id":0}`);
  });

  test("narrow integers and booleans are extended as C wants them", async () => {
    expect((await call("echo_uint8", "uint8", ["uint8"], "255")).line.result).toBe(255);
    expect((await call("echo_int16", "short", ["short"], "-32768")).line.result).toBe(-32768);
    expect((await call("negate", "bool", ["bool"], "false")).line.result).toBe(true);
    expect((await call("negate", "_Bool", ["_Bool"], "1")).line.result).toBe(false);
  });
});

test("errno is told where it is asked for", async () => {
  const { line } = await call("fail_with", "int", ["int"], "2", { errno: true });
  expect(line).toMatchObject({ ok: true, errno: 2 });
});

test("a variadic function takes what C promotes", async () => {
  const types = ["int", "double", "float"];
  const { line } = await call("sum_all", "double", types, "2,0.5,0.25", { fixed: 1 });
  expect(line.result).toBe(0.75);
  const tooMany = await helper.request({
    cmd: "sym",
    handle: calls,
    name: "sum_all",
    ret_type: "double",
    arg_types: types,
    fixed: 4,
  });
  expect(tooMany.error?.code).toBe("ERR_UNSUPPORTED_ARGS");
});

test("a returned string is freed by whom the symbol names, or by nobody", async () => {
  const own = { handle: hostile, free: "give_back" };
  const before = (await call("given_back", "int", [], "", { handle: hostile })).line.result;
  const { line } = await call("make_text", "string", [], "", own);
  expect(line.result).toBe("made by C");
  const after = (await call("given_back", "int", [], "", { handle: hostile })).line.result;
  expect(after).toBe(Number(before) + 1);
  const borrowed = await call("static_text", "string", [], "", { handle: hostile });
  expect(borrowed.line.result).toBe("a\ufffdb");
  const freed = await call("make_text", "string", [], "", { handle: hostile, free: true });
  expect(freed.line.result).toBe("made by C");
});

test("strings of wide characters are text", async () => {
  const { line } = await call("echo_wide", "wstring", ["wstring"], '"aé😀"');
  expect(line.result).toBe("aé😀");
  expect((await call("echo_wide", "wstring", ["wstring"], "null")).line.result).toBe(null);
});

const mixed = {
  struct: [
    ["tag", "int8"],
    ["weight", "float"],
    ["id", "int64"],
  ],
};

test("structs keep every field, and refuse what is none", async () => {
  const value = '{"tag":-1,"weight":0.5,"id":"-9223372036854775808"}';
  const { text } = await call("echo_mixed", mixed, [mixed], value);
  expect(text).toBe(`{"ok":true,"result":${value},"id":0}`);
  expect((await call("echo_mixed", mixed, [mixed], '{"id":1}')).line.result).toEqual({
    tag: 0,
    weight: 0,
    id: 1,
  });
  const { line } = await call("echo_mixed", mixed, [mixed], '{"name":1}');
  expect(line.error).toMatchObject({ code: "ERR_TYPE_ERROR" });
  expect(line.error?.message).toContain("args[0]");
});

// By System V a union of the x87's with less is in memory, and so is what holds it.
test.runIf(process.arch === "x64" && process.platform !== "win32")(
  "aggregates inside of others are passed as the compiler does",
  async () => {
    const source = `
      typedef struct { void *p; signed char c; } Small;
      typedef union { long double d; unsigned char b; } Extended;
      typedef union { Small s; Extended x; } Both;
      int sign_of(Both both) { return both.s.c; }`;
    const path = compileSource("inner-aggregates", source);
    const { handle } = await helper.ask({ cmd: "load", path });
    const both = {
      union: [
        [
          "s",
          {
            struct: [
              ["p", "pointer"],
              ["c", "int8"],
            ],
          },
        ],
        [
          "x",
          {
            union: [
              ["d", "long double"],
              ["b", "uint8"],
            ],
          },
        ],
      ],
    };
    const { line } = await call("sign_of", "int", [both], '{"s":{"c":-5}}', { handle });
    expect(line.result).toBe(-5);
  },
);

test("memory of the client, bytes and output bytes are pointers", async () => {
  const { mem_id } = await helper.ask({ cmd: "alloc", size: 8 });
  const types = ["pointer", "size_t"];
  await helper.ask({ cmd: "mem_write", mem_id, offset: 4, data: "BwAAAA==" });
  const marker = `{"__mem__":"${mem_id}","offset":4}`;
  expect((await call("double_all", "void", types, `${marker},1`)).line.ok).toBe(true);
  const read = { cmd: "mem_read", mem_id, offset: 4, length: 4 };
  expect((await helper.ask(read)).data).toBe("DgAAAA==");
  const outside = await call("double_all", "void", types, `{"__mem__":"${mem_id}","offset":9},0`);
  expect(outside.line.error?.code).toBe("ERR_OUT_OF_BOUNDS");
  const unknown = await call("double_all", "void", types, '{"__mem__":"m0"},0');
  expect(unknown.line.error?.code).toBe("ERR_INVALID_MEM_ID");
  const bad = await call("double_all", "void", types, '{"__bytes__":"?"},0');
  expect(bad.line.error?.code).toBe("ERR_INVALID_BASE64");
  const out = await call("fill", "void", types, '{"__out__":3},3', { handle: hostile });
  expect(out.line.out).toEqual({ "0": { __bytes__: "qqqq" } });
});

test("lists are C arrays, and come back where they are inout", async () => {
  const types = [{ inout: "int" }, "size_t"];
  expect((await call("double_all", "void", types, "[1,2,3],3")).line.out).toEqual({
    "0": [2, 4, 6],
  });
});
