import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { callsLibrary, threadsLibrary } from "../../support/calls-library.js";
import { type Conversation, open, ways } from "./ways.js";

describe.each(ways)("$name", (way) => {
  let talk: Conversation;
  let calls: unknown;
  let threads: unknown;

  beforeAll(async () => {
    talk = await open(way);
    calls = (await talk.ask({ cmd: "load", path: callsLibrary })).handle;
    threads = (await talk.ask({ cmd: "load", path: threadsLibrary })).handle;
  });
  afterAll(() => talk.close());

  async function symbol(name: string, ret_type: unknown, arg_types: unknown, handle = calls) {
    return (await talk.ask({ cmd: "sym", handle, name, ret_type, arg_types })).sym_id;
  }

  async function callback(ret_type: unknown, ...arg_types: readonly unknown[]) {
    return (await talk.ask({ cmd: "callback", ret_type, arg_types })).cb_id;
  }

  function answer(id: unknown, result: unknown): void {
    const member = way.isCompatible ? "resp" : "result";
    talk.client.write(`${JSON.stringify({ ok: true, [member]: result, id })}\n`);
  }

  test("a library's calls are requests with the callback, its arguments and an id", async () => {
    const cb = await callback("int", "int");
    const sym_id = await symbol("call", "int", ["function", "int"]);
    const id = talk.client.send({ cmd: "call", sym_id, args: [{ __cb__: cb }, 20] });
    const invocation = await talk.client.read();
    expect(invocation).toEqual({
      cmd: "invoke_callback",
      cb,
      args: [20],
      id: expect.any(Number),
    });
    answer(invocation?.id, 41);
    expect(await talk.client.read()).toMatchObject({ ok: true, result: 41, id });
  });

  test("while a callback waits, other requests are done, and callbacks nest", async () => {
    const cb = await callback("int", "int");
    const sym_id = await symbol("call", "int", ["function", "int"]);
    const call = (x: number) =>
      talk.client.send({ cmd: "call", sym_id, args: [{ __cb__: cb }, x], id: x });
    call(3);
    const open = [];
    for (let x = 3; x > 0; x--) {
      const invocation = await talk.client.read();
      expect(invocation?.args).toEqual([x]);
      open.push(invocation?.id);
      expect(await talk.ask({ cmd: "ping" })).toEqual({});
      if (x > 1) call(x - 1);
    }
    for (let x = 1; x <= 3; x++) {
      answer(open.pop(), x * 10);
      expect(await talk.client.read()).toMatchObject({ ok: true, result: x * 10, id: x });
    }
  });

  test("a call that is asked for as soon as a callback comes is made while it waits", async () => {
    const cb = await callback("int", "int");
    const sym_id = await symbol("call", "int", ["function", "int"]);
    const { handle } = await talk.ask({ cmd: "load", path: "libc.so.6" });
    const abs = await symbol("abs", "int", ["int"], handle);
    for (let count = 0; count < 1500; count++) {
      const outer = talk.client.send({ cmd: "call", sym_id, args: [{ __cb__: cb }, count] });
      const invocation = await talk.client.read();
      const inner = talk.client.send({ cmd: "call", sym_id: abs, args: [-count] });
      expect(await talk.client.read()).toMatchObject({ result: count, id: inner });
      answer(invocation?.id, count);
      expect(await talk.client.read()).toMatchObject({ result: count, id: outer });
    }
  });

  test("structs and strings go through callbacks", async () => {
    const point = {
      struct: [
        ["x", "double"],
        ["y", "double"],
      ],
    };
    const cb = await callback(point, point);
    const sym_id = await symbol("map_point", point, ["function", point]);
    const id = talk.client.send({ cmd: "call", sym_id, args: [{ __cb__: cb }, { x: 1, y: 2 }] });
    const invocation = await talk.client.read();
    expect(invocation?.args).toEqual([{ x: 1, y: 2 }]);
    answer(invocation?.id, { x: -1, y: 0.5 });
    expect(await talk.client.read()).toMatchObject({ result: { x: -1, y: 0.5 }, id });

    const text = await callback("string");
    const forText = await symbol("call_for_text", "string", ["function"]);
    talk.client.send({ cmd: "call", sym_id: forText, args: [{ __cb__: text }] });
    answer((await talk.client.read())?.id, "grüße");
    expect((await talk.client.read())?.result).toBe("grüße");
  });

  test("a callback that fails fails the call, and further ones are not made", async () => {
    const cb = await callback("void", "int");
    const sym_id = await symbol("call_each", "int", ["function", "int"]);
    talk.client.send({ cmd: "call", sym_id, args: [{ __cb__: cb }, 3] });
    const invocation = await talk.client.read();
    talk.client.write(
      `${JSON.stringify({ ok: false, error: { message: "no" }, id: invocation?.id })}\n`,
    );
    const failed = await talk.client.read();
    expect(failed?.error).toMatchObject({ code: "ERR_CALL_FAILED" });
    expect(failed?.error?.message).toBe(`${cb}: no`);
  });

  test("a result of another type fails the call, which is named with the argument", async () => {
    const cb = await callback("int", "int");
    const sym_id = await symbol("call", "int", ["function", "int"]);
    talk.client.send({ cmd: "call", sym_id, args: [{ __cb__: cb }, 1] });
    answer((await talk.client.read())?.id, "many");
    const failed = await talk.client.read();
    expect(failed?.error?.code).toBe("ERR_CALL_FAILED");
    expect(failed?.error?.message).toContain(`${cb}: call: args[0]: the callback's result must be`);
  });

  test("answers that nobody waits for are left alone", async () => {
    answer(999, 1);
    answer("x", 1);
    expect(await talk.ask({ cmd: "ping" })).toEqual({});
  });

  test("threads of a library may call", async () => {
    const cb = await callback("int", "int");
    const types = ["function", "int", "int"];
    const start = await symbol("start_threads", "int", types, threads);
    const join = await symbol("join_threads", "void", [], threads);
    const sum = await symbol("sum_of_results", "int64", [], threads);
    const forget = await symbol("forget_results", "void", [], threads);
    await talk.ask({ cmd: "call", sym_id: forget, args: [] });
    talk.client.send({ cmd: "call", sym_id: start, args: [{ __cb__: cb }, 2, 5], id: "start" });
    for (let answers = 0; answers < 10; ) {
      const line = await talk.client.read();
      if (line?.cmd !== "invoke_callback") continue;
      answer(line.id, 7);
      answers += 1;
    }
    await talk.client.request({ cmd: "call", sym_id: join, args: [] });
    expect((await talk.client.request({ cmd: "call", sym_id: sum, args: [] })).result).toBe(70);
  });

  test("a freed callback is unknown", async () => {
    const cb_id = await callback("int", "int");
    await talk.ask({ cmd: "callback_free", cb_id });
    expect(await talk.codeOf({ cmd: "callback_free", cb_id })).toBe("ERR_INVALID_SYMBOL");
    const sym_id = await symbol("call", "int", ["function", "int"]);
    const request = { cmd: "call", sym_id, args: [{ __cb__: cb_id }, 1] };
    expect(await talk.codeOf(request)).toBe("ERR_INVALID_SYMBOL");
  });

  test("concurrent requests do not wait for those in order", async () => {
    const wait = await symbol("wait_at_gate", "int", ["int"], threads);
    const waiting = await symbol("waiting_at_gate", "int", [], threads);
    const gate = await symbol("set_gate", "void", ["int"], threads);
    await talk.ask({ cmd: "call", sym_id: gate, args: [0] });
    talk.client.send({ cmd: "call", sym_id: wait, args: [1], id: "in order" });
    const concurrent = (sym_id: unknown, ...args: readonly unknown[]) =>
      talk.client.request({ cmd: "call", sym_id, args, concurrent: true });
    while ((await concurrent(waiting)).result !== 1);
    expect(await talk.ask({ cmd: "ping" })).toEqual({});
    talk.client.send({ cmd: "call", sym_id: gate, args: [1], concurrent: true, id: "gate" });
    const last = [await talk.client.read(), await talk.client.read()];
    expect(last.map((line) => line?.id).sort()).toEqual(["gate", "in order"]);
  });
});
