import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { callsLibrary } from "../../support/calls-library.js";
import { type Conversation, open, ways } from "./ways.js";

describe.each(ways)("$name", (way) => {
  let talk: Conversation;
  let handle: unknown;

  beforeAll(async () => {
    talk = await open(way);
    ({ handle } = await talk.ask({ cmd: "load", path: callsLibrary }));
  });
  afterAll(() => talk.close());

  async function symbol(name: string, ret_type: string, arg_types: readonly string[]) {
    const { sym_id } = await talk.ask({ cmd: "sym", handle, name, ret_type, arg_types });
    return sym_id;
  }

  test("the handshake says the version", async () => {
    expect(await talk.ask({ cmd: "handshake", version: "1.0" })).toEqual({ version: "1.0" });
  });

  test("a later minor version is welcome, and is told which this one is", async () => {
    expect(await talk.ask({ cmd: "handshake", version: "1.7" })).toEqual({ version: "1.0" });
  });

  test.each(["2.0", "0.9", "1", "", "1.", ".0", "1.x", "10.0", "one"])(
    "version %j does not match",
    async (version) => {
      expect(await talk.codeOf({ cmd: "handshake", version })).toBe("ERR_VERSION_MISMATCH");
    },
  );

  test("a handshake needs a version, and a string", async () => {
    expect(await talk.codeOf({ cmd: "handshake" })).toBe("ERR_MISSING_PARAM");
    expect(await talk.codeOf({ cmd: "handshake", version: 1 })).toBe("ERR_TYPE_ERROR");
  });

  test("a ping is answered with nothing but ok", async () => {
    expect(await talk.client.request({ cmd: "ping", id: 7 })).toEqual({ ok: true, id: 7 });
  });

  test.each([
    0,
    -1,
    1.5,
    "text",
    "",
    "é😀",
    true,
    false,
    null,
    [1, [2]],
    { a: { b: [] } },
    "123456789012345678901234567890",
  ])("the id %j comes back as it was", async (id) => {
    expect(await talk.client.request({ cmd: "ping", id })).toEqual({ ok: true, id });
    const refused = await talk.client.request({ cmd: "alloc", id });
    expect(refused).toMatchObject({ ok: false, id });
  });

  test("an id keeps every digit", async () => {
    talk.client.write('{"cmd":"ping","id":  12345678901234567890123  }\n');
    expect(await talk.client.readText()).toBe('{"ok":true,"id":12345678901234567890123}');
  });

  test("without an id the answer's is null", async () => {
    talk.client.write('{"cmd":"ping"}\n');
    expect(await talk.client.read()).toEqual({ ok: true, id: null });
  });

  test("members that nobody knows are left alone", async () => {
    expect(await talk.ask({ cmd: "ping", jsonrpc: "2.0", params: {} })).toEqual({});
  });

  test.each(["nonsense", "", "PING", "call ", "__proto__"])("%j is no command", async (cmd) => {
    expect(await talk.codeOf({ cmd })).toBe("ERR_UNKNOWN_CMD");
  });

  test("a request needs a command, and a string", async () => {
    expect(await talk.codeOf({})).toBe("ERR_MISSING_PARAM");
    expect(await talk.codeOf({ cmd: 5 })).toBe("ERR_TYPE_ERROR");
    expect(await talk.codeOf({ cmd: null })).toBe("ERR_TYPE_ERROR");
  });

  test.each([
    [{ cmd: "load" }],
    [{ cmd: "unload" }],
    [{ cmd: "sym" }],
    [{ cmd: "sym", name: "f", ret_type: "int" }],
    [{ cmd: "call" }],
    [{ cmd: "alloc" }],
    [{ cmd: "free" }],
    [{ cmd: "strdup" }],
    [{ cmd: "mem_read" }],
    [{ cmd: "mem_write" }],
    [{ cmd: "callback" }],
    [{ cmd: "callback", ret_type: "int" }],
    [{ cmd: "callback_free" }],
    [{ cmd: "batch" }],
  ])("%j misses a parameter", async (request) => {
    expect(await talk.codeOf(request)).toBe("ERR_MISSING_PARAM");
  });

  test.each([
    [{ cmd: "load", path: 1 }],
    [{ cmd: "load", path: false }],
    [{ cmd: "load", path: "a\0b" }],
    [{ cmd: "alloc", size: "many" }],
    [{ cmd: "alloc", size: 1.5 }],
    [{ cmd: "alloc", size: {} }],
    [{ cmd: "free", mem_id: 5 }],
    [{ cmd: "strdup", value: ["a"] }],
    [{ cmd: "strdup", value: "a\0b" }],
    [{ cmd: "batch", requests: {} }],
    [{ cmd: "callback", ret_type: 7, arg_types: [] }],
    [{ cmd: "callback", ret_type: "int", arg_types: "int" }],
  ])("%j has a parameter of another type", async (request) => {
    expect(await talk.codeOf(request)).toBe("ERR_TYPE_ERROR");
  });

  test("without a path the process itself is loaded, and C's library with it", async () => {
    const own = (await talk.ask({ cmd: "load", path: null })).handle;
    const request = { cmd: "sym", handle: own, name: "abs", ret_type: "int" };
    const { sym_id } = await talk.ask(request);
    expect((await talk.client.request({ cmd: "call", sym_id, args: [-3] })).result).toBe(3);
  });

  test("a symbol needs its result's type", async () => {
    expect(await talk.codeOf({ cmd: "sym", handle, name: "call" })).toBe("ERR_MISSING_PARAM");
  });

  test("a library that is not there, and what is no library", async () => {
    expect(await talk.codeOf({ cmd: "load", path: "./no-such.so" })).toBe("ERR_DLOPEN_FAILED");
    expect(await talk.codeOf({ cmd: "load", path: import.meta.filename })).toBe(
      "ERR_DLOPEN_FAILED",
    );
  });

  test("a symbol that is not there", async () => {
    const request = { cmd: "sym", handle, name: "no_such", ret_type: "int" };
    expect(await talk.codeOf(request)).toBe("ERR_DLSYM_FAILED");
  });

  test.each(["", "h1", "h999-000000", "m1", "s1"])("%j is no library", async (unknown) => {
    const request = { cmd: "sym", handle: unknown, name: "call", ret_type: "int" };
    expect(await talk.codeOf(request)).toBe("ERR_INVALID_HANDLE");
    expect(await talk.codeOf({ cmd: "unload", handle: unknown })).toBe("ERR_INVALID_HANDLE");
  });

  test.each(["", "s1", "s999-000000", "h1"])("%j is no symbol", async (sym_id) => {
    expect(await talk.codeOf({ cmd: "call", sym_id, args: [] })).toBe("ERR_INVALID_SYMBOL");
  });

  test.each(["nonsense", "int32 ", "struct point"])("%j is no type", async (type) => {
    const result = { cmd: "sym", handle, name: "call", ret_type: type };
    expect(await talk.codeOf(result)).toBe("ERR_UNSUPPORTED_ARGS");
    const argument = { cmd: "sym", handle, name: "call", ret_type: "int", arg_types: [type] };
    expect(await talk.codeOf(argument)).toBe("ERR_UNSUPPORTED_ARGS");
  });

  test("void is no argument, and an array is neither argument nor result", async () => {
    const types = ["void", { array: ["int", 2] }];
    for (const type of types) {
      const request = { cmd: "sym", handle, name: "call", ret_type: "int", arg_types: [type] };
      expect(await talk.codeOf(request)).toBe("ERR_UNSUPPORTED_ARGS");
    }
    const request = { cmd: "sym", handle, name: "call", ret_type: types[1] };
    expect(await talk.codeOf(request)).toBe("ERR_UNSUPPORTED_ARGS");
  });

  test("a call must have as many arguments as its signature", async () => {
    const sym_id = await symbol("echo_int64", "int64", ["int64"]);
    expect(await talk.codeOf({ cmd: "call", sym_id })).toBe("ERR_UNSUPPORTED_ARGS");
    expect(await talk.codeOf({ cmd: "call", sym_id, args: [1, 2] })).toBe("ERR_UNSUPPORTED_ARGS");
    expect(await talk.codeOf({ cmd: "call", sym_id, args: {} })).toBe("ERR_TYPE_ERROR");
  });

  test("requests are done in their order", async () => {
    const { mem_id } = await talk.ask({ cmd: "alloc", size: 3 });
    const ids = [];
    for (const byte of ["AQ==", "Ag==", "Aw=="]) {
      ids.push(talk.client.send({ cmd: "mem_write", mem_id, offset: 0, data: byte }));
      ids.push(talk.client.send({ cmd: "mem_read", mem_id, offset: 0, length: 1 }));
    }
    const answers = [];
    for (const _ of ids) answers.push(await talk.client.read());
    expect(answers.map((answer) => answer?.id)).toEqual(ids);
    const read = answers.filter((_, index) => index % 2 === 1).map((line) => JSON.stringify(line));
    expect(read.map((line) => /(\w+==)/.exec(line)?.[1])).toEqual(["AQ==", "Ag==", "Aw=="]);
  });

  test("handles are never given twice", async () => {
    const first = (await talk.ask({ cmd: "alloc", size: 1 })).mem_id;
    await talk.ask({ cmd: "free", mem_id: first });
    const second = (await talk.ask({ cmd: "alloc", size: 1 })).mem_id;
    expect(second).not.toBe(first);
    expect(await talk.codeOf({ cmd: "free", mem_id: first })).toBe("ERR_INVALID_MEM_ID");
  });

  test("unloading ends a library and its symbols", async () => {
    const other = (await talk.ask({ cmd: "load", path: callsLibrary })).handle;
    const request = { cmd: "sym", handle: other, name: "negate", ret_type: "bool" };
    const { sym_id } = await talk.ask(request);
    await talk.ask({ cmd: "unload", handle: other });
    expect(await talk.codeOf({ cmd: "call", sym_id, args: [true] })).toBe("ERR_INVALID_SYMBOL");
    expect(await talk.codeOf(request)).toBe("ERR_INVALID_HANDLE");
    expect(await talk.codeOf({ cmd: "unload", handle: other })).toBe("ERR_INVALID_HANDLE");
    await symbol("negate", "bool", ["bool"]);
  });

  test("a batch gives every answer, or those up to the first failure", async () => {
    const requests = [{ cmd: "ping", id: "a" }, { cmd: "nonsense" }, { cmd: "ping", id: [1] }];
    const all = await talk.ask({ cmd: "batch", requests });
    expect(all.results).toMatchObject([
      { ok: true, id: "a" },
      { ok: false, error: { code: "ERR_UNKNOWN_CMD" }, id: null },
      { ok: true, id: [1] },
    ]);
    const some = await talk.ask({ cmd: "batch", requests, stop_on_error: true });
    expect(some.results).toHaveLength(2);
  });
});
