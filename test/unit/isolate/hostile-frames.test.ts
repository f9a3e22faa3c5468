import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { dlopen, Isolate } from "../../../src/isolate/index.js";
import { repositoryRoot } from "../../support/compile.js";
import { frame, KIND } from "../helper/frames.js";

const { NEARFAR_HELPER } = process.env;

beforeAll(() => {
  process.env.NEARFAR_HELPER = join(repositoryRoot, "test", "fixtures", "hostile-helper.mjs");
});

afterAll(() => {
  delete process.env.NEARFAR_GARBAGE;
  if (NEARFAR_HELPER === undefined) delete process.env.NEARFAR_HELPER;
  else process.env.NEARFAR_HELPER = NEARFAR_HELPER;
});

/** A head of 16 bytes that promises what nobody sends. */
const promise = Buffer.alloc(16, 0xff);

it.each([
  ["a kind that there is not", frame(9, 0)],
  ["a kind of the client's", frame(KIND.call, 0, Buffer.alloc(300))],
  ["a result that nobody waits for", frame(KIND.result, 3, Buffer.alloc(96))],
  ["a result of a call that cannot be", frame(KIND.result, 100_000, Buffer.alloc(96))],
  ["a result without anything", frame(KIND.result, 256)],
  ["a callback without registers", frame(KIND.callback, 1, Buffer.alloc(8))],
  ["a callback with more than there are", frame(KIND.callback, 1, Buffer.alloc(1 << 15))],
  ["a message with an attachment", frame(KIND.message, 2, Buffer.from("{}"))],
  ["a message that is no answer", frame(KIND.message, 0, randomBytes(50))],
  ["more than memory holds", promise],
])("a helper that sends %s is ended", (_, garbage) => {
  process.env.NEARFAR_GARBAGE = garbage.toString("hex");
  using isolate = new Isolate({ channel: "socket", maxRestarts: 0 });
  const error = expect.objectContaining({ code: "ERR_ISOLATE_ENDED" });
  expect(() => dlopen(null, { abs: "int abs(int x)" }, { isolate })).toThrow(error);
  expect(isolate.processIds).toEqual([]);
});
