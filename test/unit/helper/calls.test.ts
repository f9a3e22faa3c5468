import { afterAll, beforeAll, expect, test } from "vitest";
import { callsLibrary } from "../../support/calls-library.js";
import { HelperProcess } from "./helper-client.js";

let helper: HelperProcess;
let library: unknown;

beforeAll(async () => {
  helper = new HelperProcess();
  library = (await helper.ask({ cmd: "load", path: callsLibrary })).handle;
});

afterAll(async () => {
  expect(await helper.close()).toBe(0);
});

async function symbol(name: string, ret_type: unknown, arg_types?: unknown): Promise<unknown> {
  const answer = await helper.ask({
    cmd: "sym",
    handle: library,
    name,
    ret_type,
    ...(arg_types === undefined ? {} : { arg_types }),
  });
  return answer.sym_id;
}

const point = {
  struct: [
    ["x", "double"],
    ["y", "double"],
  ],
};

test("a call gives the result of its declared type", async () => {
  const sym_id = await symbol("half_float", "float", ["float"]);
  expect(await helper.request({ cmd: "call", sym_id, args: [0.2], id: "a" })).toEqual({
    ok: true,
    result: 0.1,
    id: "a",
  });
});

test("arguments without types are what JSON says they are", async () => {
  const echo = await symbol("echo_int64", "int64");
  expect((await helper.ask({ cmd: "call", sym_id: echo, args: [-7] })).result).toBe(-7);
  const text = await symbol("same_text", "int");
  expect((await helper.ask({ cmd: "call", sym_id: text, args: ["é", "é"] })).result).toBe(1);
});

test("structs are passed and returned by value", async () => {
  const sym_id = await symbol("add_points", point, [point, point]);
  const args = [
    { x: 1, y: 2 },
    { x: 0.5, y: -2 },
  ];
  expect((await helper.ask({ cmd: "call", sym_id, args })).result).toEqual({ x: 1.5, y: 0 });
});

test("what C writes to memory of the call comes back in out", async () => {
  const sym_id = await symbol("divide", "void", ["int", "int", { inout: "int" }, { inout: "int" }]);
  const answer = await helper.ask({ cmd: "call", sym_id, args: [17, 5, 0, [0]] });
  expect(answer).toMatchObject({ result: null, out: { "2": 3, "3": [2] } });
});

test("a callback is a request to the client, which may make calls meanwhile", async () => {
  const { cb_id } = await helper.ask({ cmd: "callback", ret_type: "int", arg_types: ["int"] });
  const sym_id = await symbol("call", "int", ["function", "int"]);
  const echo = await symbol("echo_int64", "int64", ["int64"]);
  const call = helper.send({ cmd: "call", sym_id, args: [{ __cb__: cb_id }, 20] });
  const invocation = await helper.read();
  expect(invocation).toMatchObject({ cmd: "invoke_callback", cb: cb_id, args: [20] });
  expect((await helper.ask({ cmd: "call", sym_id: echo, args: [3] })).result).toBe(3);
  helper.write(`${JSON.stringify({ ok: true, result: 77, id: invocation?.id })}\n`);
  expect(await helper.read()).toEqual({ ok: true, result: 77, id: call });
});
