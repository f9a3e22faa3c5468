import { expect, it } from "vitest";
import { Isolate, type IsolateOptions } from "../../../src/isolate/index.js";

it.each([
  [{ timeoutMs: -1 }, "options.timeoutMs must be an integer from 0 to 2147483647, got -1"],
  [{ processes: 65 }, "options.processes must be an integer from 1 to 64, got 65"],
  [{ sharedBytes: 1000 }, "options.sharedBytes must be an integer from 1048576 to 4294967296"],
  [{ sharedBytes: 3 << 20 }, "options.sharedBytes must be a power of two, got 3145728"],
  [{ channel: "pipe" }, "options.channel must be one of"],
  [{ maxRestart: 1 }, 'options has no option "maxRestart"; known: timeoutMs, loadTimeoutMs'],
  [{ sandbox: { profile: "all" } }, "options.sandbox.profile must be one of"],
  [{ sandbox: { readable: "/etc" } }, "options.sandbox.readable must be an array of paths"],
  [{ sandbox: { limits: { memory: -1 } } }, "options.sandbox.limits.memory must be an integer"],
  [{ sandbox: { user: 1000 } }, "options.sandbox.user must be an object, got 1000"],
  [
    { sandbox: { user: { uid: 2 ** 32 - 1, gid: 0 } } },
    "options.sandbox.user.uid must be an integer from 0 to 4294967294, got 4294967295",
  ],
  [{ sandbox: { user: { uid: 0 } } }, "options.sandbox.user.gid must be an integer"],
  [{ sandbox: { limits: { ram: 1 } } }, 'options.sandbox.limits has no option "ram"'],
])("refuses %o", (options, message) => {
  expect(() => new Isolate(options as IsolateOptions)).toThrow(message);
});

it("starts nothing before it is needed, and nothing after it is closed", () => {
  const isolate = new Isolate();
  expect(isolate.processIds).toEqual([]);
  isolate.start();
  expect(isolate.processIds).toHaveLength(1);
  isolate.close();
  expect(isolate.processIds).toEqual([]);
  expect(() => isolate.start()).toThrow("the isolate is closed");
});

it("refuses memory of no bytes, of more than there is, and addresses that are none", () => {
  using isolate = new Isolate({ sharedBytes: 1 << 20 });
  expect(() => isolate.allocate(0)).toThrow("bytes must be an integer from 1 to 1048576, got 0");
  expect(() => isolate.allocate(2 ** 20 + 1)).toThrow("bytes must be an integer");
  const all = isolate.allocate(2 ** 20);
  expect(all.every((byte) => byte === 0)).toBe(true);
  expect(() => isolate.allocate(1)).toThrow(
    expect.objectContaining({ code: "ERR_ISOLATE_MEMORY" }),
  );
  expect(() => isolate.read(5 as never, 1)).toThrow("address must be a bigint");
  expect(() => isolate.write(0n, "x" as never)).toThrow("bytes must be an ArrayBufferView");
});
