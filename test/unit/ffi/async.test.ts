import { spawnSync } from "node:child_process";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { DynamicLibrary } from "../../../src/ffi/index.js";
import {
  callsLibrary,
  openCalls,
  openThreads,
  threadsLibrary,
  until,
} from "../../support/calls-library.js";
import { runProgram } from "../../support/child.js";
import { collectGarbage, collectNow } from "../../support/collect-garbage.js";
import { compileSource, repositoryRoot } from "../../support/compile.js";

const { lib, functions: c } = openCalls();
const { lib: threads, functions: t } = openThreads();
afterEach(() => t.setGate(0));
afterAll(() => {
  lib.close();
  threads.close();
});

const detached = new Float64Array(8);
structuredClone(detached.buffer, { transfer: [detached.buffer] });

describe("an asynchronous call", () => {
  const point = { x: 1.5, y: -2 };
  const cases: readonly [keyof typeof c, readonly unknown[]][] = [
    ["echoUint8", [255]],
    ["echoInt16", [-32768]],
    ["echoInt64", [-(2n ** 63n)]],
    ["negate", [true]],
    ["halfFloat", [0.5]],
    ["nextColor", ["GREEN"]],
    ["addPoints", [point, { x: 2, y: 3 }]],
    ["echoMixed", [{ tag: -1, weight: 0.25, id: 1n << 60n }]],
    ["sumLarge", [{ numbers: Array.from({ length: 40 }, (_, i) => i), total: 0 }]],
    ["sumPoints", [[point, { x: 2, y: 3 }], 2]],
    ["sumHuge", [{ bytes: new Uint8Array(100_000).fill(3) }]],
    ["fillHuge", [7]],
    ["echoWide", ["Grüße 🌍"]],
    ["sameText", ["é".repeat(5000), "é".repeat(5000)]],
    ["totalLength", "abcdefghij".split("").map((letter, i) => letter.repeat(i * 100))],
    ["weigh", [-1, 2, -3, 4, -5, 6, -7n, 8n, 0.5, 0.25, true]],
    ["sumAll", [3, ["double", 1], ["double", 2.5], ["double", 3]]],
    ["textAndNumber", ["x".repeat(100_000), 1]],
  ];

  it.each(cases)("of %s gives what the synchronous one gives", async (name, args) => {
    expect(await c[name].async(...args)).toEqual(c[name](...args));
  });

  const refused: readonly [keyof typeof c, readonly unknown[]][] = [
    ["echoUint8", [256]],
    ["echoUint8", []],
    ["echoInt64", [2n ** 63n]],
    ["sameText", ["a", 5]],
    ["sameText", ["a\0", "b"]],
    ["addPoints", [point, { x: 1 }]],
    ["call", [{}, 1]],
    ["nextColor", ["PURPLE"]],
    ["sumAll", [1, 5]],
    ["sumAll", [1, ["double", "5"]]],
    ["doubleAll", [detached, 2]],
    // What is not the right kind of value is found before memory that is gone.
    ["sumPoints", [detached, "two"]],
    ["runOperation", [detached, "one"]],
  ];

  it.each(refused)("of %s rejects with what the synchronous one throws", async (name, args) => {
    let thrown: unknown;
    try {
      c[name](...args);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(TypeError);
    await expect(c[name].async(...args)).rejects.toEqual(thrown);
  });

  it("fills buffers, holders and out parameters", async () => {
    const bytes = Int32Array.of(1, 2, 3);
    await c.doubleAll.async(bytes, 3);
    expect([...bytes]).toEqual([2, 4, 6]);
    const quotient = [0];
    const remainder = [0];
    await c.divide.async(17, 5, quotient, remainder);
    expect([quotient, remainder]).toEqual([[3], [2]]);
    const point = { x: 1, y: 2 };
    await c.scalePoint.async(point, 3);
    expect(point).toEqual({ x: 3, y: 6 });
  });

  it("is made on another thread: JavaScript goes on", async () => {
    const pending = t.waitAtGate.async(5);
    await until(() => t.waitingAtGate() === 1);
    t.setGate(1);
    expect(await pending).toBe(5);
  });

  it("may be in flight 100,000 times", async () => {
    const many = Array.from({ length: 100_000 }, (_, index) => c.textAndNumber.async("x", index));
    const results = (await Promise.all(many)) as number[];
    expect(results.every((value, index) => value === index + 100)).toBe(true);
  });

  it("keeps its arguments and copies from the collector", async () => {
    for (let round = 0; round < 5; round++) {
      const pending = Array.from({ length: 500 }, (_, index) =>
        c.sameText.async(
          String(round * 1e6 + index).padStart(3000, "0"),
          String(round * 1e6 + index).padStart(3000, "0"),
        ),
      );
      const structs = Array.from({ length: 50 }, (_, index) =>
        c.sumHuge.async({ bytes: new Uint8Array(100_000).fill(index) }),
      );
      const buffers = Array.from({ length: 50 }, (_, index) =>
        c.sumHuge.async(new Uint8Array(100_000).fill(index)),
      );
      await collectGarbage();
      const junk = Array.from({ length: 1500 }, () => Buffer.alloc(6000, 55));
      expect(junk).toHaveLength(1500);
      expect(new Set(await Promise.all(pending))).toEqual(new Set([1]));
      const sums = Array.from({ length: 50 }, (_, index) => index * 100_000);
      expect(await Promise.all(structs)).toEqual(sums);
      expect(await Promise.all(buffers)).toEqual(sums);
    }
  });

  it("gives errno of its own thread", async () => {
    const fail = new DynamicLibrary(callsLibrary);
    const failWith = fail.getFunction("int32_t fail_with(int32_t error)", {
      errno: true,
      threadSafe: true,
    });
    const outcomes = await Promise.all(Array.from({ length: 200 }, (_, n) => failWith.async(n)));
    expect(outcomes).toEqual(
      Array.from({ length: 200 }, (_, n) => ({ value: n === 0 ? 0 : -1, errno: n })),
    );
    fail.close();
  });
});

describe("callbacks inside an asynchronous call", () => {
  it("run on JavaScript's thread and give C their results", async () => {
    const results = new Int32Array(100);
    await c.collect.async((x: number) => x * 3, 100, results);
    expect([...results]).toEqual(Array.from({ length: 100 }, (_, index) => index * 3));
  });

  it("reject the promise with what they throw; later ones of that call are skipped", async () => {
    const seen: number[] = [];
    const results = new Int32Array(5).fill(-1);
    const error = new RangeError("enough");
    const stop = (x: number) => {
      seen.push(x);
      if (x === 1) throw error;
      return x;
    };
    await expect(c.collect.async(stop, 5, results)).rejects.toBe(error);
    expect(seen).toEqual([0, 1]);
    expect([...results]).toEqual([0, 0, 0, 0, 0]);
    expect(await c.call.async((x: number) => x + 1, 1)).toBe(2);
    expect(c.call((x: number) => x + 1, 1)).toBe(2);
  });

  it("belong to their own call when many run at once", async () => {
    const settled = await Promise.allSettled(
      Array.from({ length: 200 }, (_, index) =>
        c.call.async((x: number) => {
          if (index % 3 === 0) throw index;
          return x + index;
        }, 1000),
      ),
    );
    for (const [index, outcome] of settled.entries()) {
      const expected =
        index % 3 === 0
          ? { status: "rejected", reason: index }
          : { status: "fulfilled", value: 1000 + index };
      expect(outcome).toEqual(expected);
    }
  });

  it("take and give structs and text", async () => {
    const swap = ({ x, y }: { x: number; y: number }) => ({ x: y, y: x });
    expect(await c.mapPoint.async(swap, { x: 1, y: 2 })).toEqual({ x: 2, y: 1 });
    const large = { numbers: Array.from({ length: 40 }, (_, i) => i), total: 1 };
    expect(await c.mapLarge.async((value: unknown) => value, large)).toEqual(large);
    expect(await c.callWithText.async((text: string) => text.length, "Grüße 🌍")).toBe(8);
  });

  it("may collect garbage, make calls and start further asynchronous ones", async () => {
    const later: Promise<unknown>[] = [];
    const results = new Int32Array(20);
    await c.collect.async(
      (x: number) => {
        collectNow();
        later.push(c.call.async((y: number) => y * 2, x));
        return Number(c.textAndNumber("é".repeat(30), x));
      },
      20,
      results,
    );
    expect([...results]).toEqual(Array.from({ length: 20 }, (_, index) => 6000 + index));
    expect(await Promise.all(later)).toEqual(Array.from({ length: 20 }, (_, index) => index * 2));
  });

  it("may make the synchronous call that throws to the very callback", async () => {
    const inner = () => {
      throw new Error("inner");
    };
    const outer = (x: number) => {
      expect(() => c.call(inner, x)).toThrowError("inner");
      return x + 1;
    };
    expect(await c.call.async(outer, 1)).toBe(2);
    await expect(c.call.async((x: number) => c.call(inner, x), 1)).rejects.toThrowError("inner");
  });
});

describe("abortable", () => {
  it("rejects at once when its signal is aborted already", async () => {
    const reason = new Error("too late");
    await expect(c.call.async.abortable(AbortSignal.abort(reason), 1n, 1)).rejects.toBe(reason);
  });

  it("takes a call back that has not started, and leaves one that runs", async () => {
    const serial = openThreads({ serialize: true });
    const controller = new AbortController();
    const running = serial.functions.waitAtGate.async.abortable(controller.signal, 1);
    const queued = serial.functions.waitAtGate.async.abortable(controller.signal, 2);
    const after = serial.functions.waitAtGate.async(3);
    await until(() => t.waitingAtGate() === 1);
    const reason = new Error("changed my mind");
    controller.abort(reason);
    await expect(queued).rejects.toBe(reason);
    t.setGate(1);
    expect(await running).toBe(1);
    expect(await after).toBe(3);
    serial.lib.close();
  });

  it("rejects with an AbortError when no reason is given, and does nothing when it is done", async () => {
    const signal = AbortSignal.abort();
    await expect(t.waitAtGate.async.abortable(signal, 1)).rejects.toMatchObject({
      name: "AbortError",
    });
    const controller = new AbortController();
    expect(await c.echoUint8.async.abortable(controller.signal, 9)).toBe(9);
    controller.abort();
    await expect(c.echoUint8.async.abortable(5 as never, 9)).rejects.toThrowError("AbortSignal");
  });
});

describe("serialize", () => {
  it("makes the calls of a library one at a time, in the order they were started", async () => {
    const serial = openThreads({ serialize: true });
    serial.functions.forgetPlaces();
    const numbers = Array.from({ length: 1000 }, (_, index) => index);
    await Promise.all(numbers.map((number) => serial.functions.enterAndLeave.async(number)));
    expect(t.mostAtATime()).toBe(1);
    expect(numbers.map((index) => t.place(index))).toEqual(numbers);
    serial.lib.close();
  });
});

describe("closing the library", () => {
  it("refuses calls that have not started and lets those that run return", async () => {
    const serial = openThreads({ serialize: true });
    const running = serial.functions.waitAtGate.async(1);
    const queued = serial.functions.waitAtGate.async(2);
    await until(() => t.waitingAtGate() === 1);
    serial.lib.close();
    t.setGate(1);
    expect(await running).toBe(1);
    const closed = { code: "ERR_FFI_LIBRARY_CLOSED" };
    await expect(queued).rejects.toMatchObject(closed);
    await expect(serial.functions.waitAtGate.async(3)).rejects.toMatchObject(closed);
  });

  it("by a callback of a call that runs lets that call return", async () => {
    const other = openCalls();
    const close = (x: number) => {
      other.lib.close();
      return x + 1;
    };
    expect(await other.functions.call.async(close, 1)).toBe(2);
  });
});

describe("the process", () => {
  const prelude = `
import { DynamicLibrary } from "./dist/ffi/index.js";
const lib = new DynamicLibrary(process.argv[1]);
`;

  it("stays until asynchronous calls are done", () => {
    const { stdout, status } = runProgram(
      `${prelude}
const call = lib.getFunction("int32_t add_int32(int32_t a, int32_t b)");
call.async(40, 2).then((value) => console.log(value));`,
      { args: [callsLibrary.replace("calls", "fixture")] },
    );
    expect({ stdout, status }).toEqual({ stdout: "42\n", status: 0 });
  });

  it("makes as many calls at a time as NEARFAR_THREADS says", () => {
    const { stdout, status } = runProgram(
      `${prelude}
const wait = lib.getFunction("int32_t wait_at_gate(int32_t x)");
const waiting = lib.getFunction("int32_t waiting_at_gate(void)");
const pending = Array.from({ length: 40 }, (_, index) => wait.async(index));
const turns = async (count) => { while (count-- > 0) await new Promise((done) => setImmediate(done)); };
while (waiting() < 3) await turns(1);
await turns(100);
console.log("at the gate", waiting());
lib.getFunction("void set_gate(int32_t open)")(1);
console.log((await Promise.all(pending)).length);`,
      { args: [threadsLibrary], env: { NEARFAR_THREADS: "3" } },
    );
    expect({ stdout, status }).toEqual({ stdout: "at the gate 3\n40\n", status: 0 });
  });

  it.runIf(process.platform === "linux")("has the stack that functions have elsewhere", () => {
    const path = compileSource(
      "deepstack",
      `int32_t deep(void) {
        volatile char room[4 << 20];
        for (int at = 0; at < sizeof room; at += 1024) room[at] = 1;
        return room[1024];
      }`.replace(/^/, "#include <stdint.h>\n"),
    );
    const program = `${prelude}
console.log(await lib.getFunction("int32_t deep(void)").async());`;
    const limited = 'ulimit -S -s 2048 && exec "$0" "$@"';
    const node = [process.execPath, "--input-type=module", "-e", program, "--", path];
    const { stdout, signal } = spawnSync("sh", ["-c", limited, ...node], {
      cwd: repositoryRoot,
      encoding: "utf8",
    });
    expect({ stdout, signal }).toEqual({ stdout: "1\n", signal: null });
  });

  it.each(["0", "-1", "x", "1.5", "5000", "0x10", " 4"])("refuses NEARFAR_THREADS=%s", (value) => {
    const { stdout } = runProgram(
      `${prelude}
const wait = lib.getFunction("int32_t wait_at_gate(int32_t x)");
await wait.async(1).catch((error) => console.log(error.message));`,
      { args: [threadsLibrary], env: { NEARFAR_THREADS: value } },
    );
    expect(stdout).toContain(
      `NEARFAR_THREADS must be an integer from 1 to 1024, got ${JSON.stringify(value)}`,
    );
  });

  it("exits at once inside a callback of a call, and with calls in flight", () => {
    const inCallback = runProgram(
      `${prelude}
lib.getFunction("int32_t call(int32_t (*f)(int32_t), int32_t x)").async(() => process.exit(3), 1);`,
      { args: [callsLibrary] },
    );
    expect(inCallback).toMatchObject({ status: 3, signal: null, stderr: "" });
    const inFlight = runProgram(
      `${prelude}
const add = lib.getFunction("int32_t text_and_number(const char *, int32_t)");
for (let index = 0; index < 50_000; index++) add.async("text", index);
process.exit(4);`,
      { args: [callsLibrary] },
    );
    expect(inFlight).toMatchObject({ status: 4, signal: null, stderr: "" });
  });
});
