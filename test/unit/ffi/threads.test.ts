import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { cdef, DynamicLibrary, type FunctionType } from "../../../src/ffi/index.js";
import { openCalls, openThreads, threadsLibrary, until } from "../../support/calls-library.js";
import { runProgram } from "../../support/child.js";
import { compileSource } from "../../support/compile.js";

const { lib, functions: t } = openThreads();
const { lib: other, functions: calls } = openCalls();
afterAll(() => {
  lib.close();
  other.close();
});
beforeEach(() => t.forgetResults());

const numbers = { arguments: ["int32"], return: "int32" } as const;

describe("a callback called by threads of C", () => {
  it("blocks them until JavaScript has answered, each with its own result", async () => {
    const seen: number[] = [];
    const address = lib.registerCallback(numbers, (x) => {
      seen.push(x);
      return x * 2;
    });
    t.startThreads(address, 16, 50);
    await t.joinThreads.async();
    const all = Array.from({ length: 800 }, (_, index) => index);
    expect([...seen].sort((a, b) => a - b)).toEqual(all);
    expect(t.sumOfResults()).toBe(BigInt(2 * (799 * 400)));
    lib.unregisterCallback(address);
  });

  it("queues: C gets zero at once, and every call is run later, a thread's own in order", async () => {
    const seen: number[] = [];
    const listener = (x: number) => {
      seen.push(x);
      return 1000;
    };
    const address = lib.registerCallback(numbers, listener, { thread: "queue" });
    t.startThreads(address, 4, 100);
    t.joinThreads();
    expect(t.returnedCalls()).toBe(400);
    expect(t.sumOfResults()).toBe(0n);
    expect(seen).toEqual([]);
    await until(() => seen.length === 400);
    for (let thread = 0; thread < 4; thread++) {
      const own = seen.filter((x) => Math.floor(x / 100) === thread);
      expect(own).toEqual(Array.from({ length: 100 }, (_, index) => thread * 100 + index));
    }
    lib.unregisterCallback(address);
  });

  it("queues structs by value, which are the thread's own until it goes on", async () => {
    const path = compileSource(
      "queued",
      `
#include <pthread.h>
#include <stdint.h>
struct large { int32_t numbers[10]; double total; };
typedef void (*listener)(int32_t index, struct large value, struct large *place);
static void *run(void *function) {
  struct large value;
  for (int32_t index = 0; index < 3; ++index) {
    for (int32_t at = 0; at < 10; ++at) value.numbers[at] = index * 100 + at;
    value.total = index + 0.5;
    ((listener)function)(index, value, &value);
  }
  return NULL;
}
void call_from_thread(listener function) {
  pthread_t thread;
  pthread_create(&thread, NULL, run, function);
  pthread_join(thread, NULL);
}`,
    );
    const types = cdef(`
      struct large { int32_t numbers[10]; double total; };
      typedef void (*listener)(int32_t index, struct large value, void *place);
    `);
    using queued = new DynamicLibrary(path, { types });
    const seen: unknown[] = [];
    const address = queued.registerCallback(
      types.types.listener as FunctionType,
      (index: number, value: object) => seen.push([index, value]),
      { thread: "queue" },
    );
    queued.getFunction("void call_from_thread(void *function)")(address);
    await until(() => seen.length === 3);
    expect(seen).toEqual(
      [0, 1, 2].map((index) => [
        index,
        { numbers: Array.from({ length: 10 }, (_, at) => index * 100 + at), total: index + 0.5 },
      ]),
    );
  });

  it("drops: C gets zero and nothing runs", async () => {
    const seen: number[] = [];
    const listener = (x: number) => seen.push(x);
    const address = lib.registerCallback(numbers, listener, { thread: "drop" });
    t.startThreads(address, 4, 100);
    t.joinThreads();
    expect(t.sumOfResults()).toBe(0n);
    const marker = lib.registerCallback(numbers, (x) => x, { thread: "queue" });
    t.startThreads(marker, 1, 1);
    await t.joinThreads.async();
    expect(seen).toEqual([]);
    lib.unregisterCallback(address);
    lib.unregisterCallback(marker);
  });

  it("runs on the thread of JavaScript when that calls, whatever the policy", () => {
    for (const thread of ["block", "queue", "drop"] as const) {
      const address = lib.registerCallback(numbers, (x) => x + 1, { thread });
      expect(calls.call(address, 41)).toBe(42);
      lib.unregisterCallback(address);
    }
  });

  it("lets go of threads that wait when it is unregistered", async () => {
    const address: bigint = lib.registerCallback(numbers, (x) => {
      if (x === 0) lib.unregisterCallback(address);
      return 1;
    });
    t.startThreads(address, 8, 10);
    await t.joinThreads.async();
    expect(t.returnedCalls()).toBe(80);
    expect(t.sumOfResults()).toBeLessThan(80n);
  });

  it("lets go of them at once, because JavaScript may wait for them next", () => {
    for (let round = 0; round < 300; round++) {
      t.forgetResults();
      const address = lib.registerCallback(numbers, () => 1);
      t.startThreads(address, 4, 3);
      // The threads are on their way, or wait, or have not begun.
      for (let spin = 0; spin < round; spin++) t.enterAndLeave(spin);
      lib.unregisterCallback(address);
      t.joinThreads();
      expect([t.returnedCalls(), t.sumOfResults()]).toEqual([12, 0n]);
    }
  });

  it("can make native calls of its own, and asynchronous ones", async () => {
    const later: Promise<unknown>[] = [];
    t.setGate(1);
    const address = lib.registerCallback(numbers, (x) => {
      later.push(t.waitAtGate.async(x));
      return Number(t.waitAtGate(x));
    });
    t.startThreads(address, 4, 25);
    await t.joinThreads.async();
    expect(t.sumOfResults()).toBe(BigInt(99 * 50));
    const values = (await Promise.all(later)) as number[];
    expect(values.sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, i) => i));
    lib.unregisterCallback(address);
    t.setGate(0);
  });

  it("runs promise reactions after each call, as any event does", async () => {
    const order: string[] = [];
    const address = lib.registerCallback(numbers, (x) => {
      order.push(`call ${x}`);
      Promise.resolve().then(() => order.push(`reaction ${x}`));
      return x;
    });
    t.startThreads(address, 1, 3);
    await t.joinThreads.async();
    await until(() => order.length === 6);
    expect(order).toEqual([0, 1, 2].flatMap((x) => [`call ${x}`, `reaction ${x}`]));
    lib.unregisterCallback(address);
  });
});

const prelude = `
import { DynamicLibrary } from "./dist/ffi/index.js";
const lib = new DynamicLibrary(process.argv[1]);
const numbers = { arguments: ["int32"], return: "int32" };
const start = lib.getFunction("start_threads", {
  arguments: ["pointer", "int32", "int32"], return: "int32" });
const running = lib.getFunction("int32_t running_threads(void)");
`;
const run = (text: string) => runProgram(prelude + text, { args: [threadsLibrary] });

describe("in a process of its own", () => {
  it("an error in a callback without a caller is an uncaught exception, and C gets zero", () => {
    const { status, stdout } = run(`
      process.on("uncaughtException", (error) => console.log("uncaught", error.message));
      const address = lib.registerCallback(numbers, (x) => { throw new Error("boom " + x); }, { keepAlive: true });
      start(address, 1, 2);
      const timer = setInterval(() => {
        if (running() > 0) return;
        clearInterval(timer);
        lib.unregisterCallback(address);
        console.log("sum", lib.getFunction("int64_t sum_of_results(void)")());
      }, 1);
    `);
    expect(stdout.trim().split("\n")).toEqual(["uncaught boom 0", "uncaught boom 1", "sum 0n"]);
    expect(status).toBe(0);
  });

  it("an uncaught error ends the process, as any other does", () => {
    const { status, stderr } = run(`
      start(lib.registerCallback(numbers, () => { throw new Error("fatal one"); }, { keepAlive: true }), 1, 1);
    `);
    expect(status).toBe(1);
    expect(stderr).toContain("fatal one");
  });

  it("does not keep the process, unless it says so", () => {
    const keeps = (keepAlive: boolean) =>
      run(`
        let calls = 0;
        process.on("exit", () => console.log("calls", calls));
        const address = lib.registerCallback(numbers, (x) => {
          if (++calls === 20) lib.unregisterCallback(address);
          return x;
        }, { keepAlive: ${keepAlive} });
        start(address, 2, 10);
      `);
    const kept = keeps(true);
    expect(kept.stdout.trim()).toBe("calls 20");
    expect(kept.status).toBe(0);
    expect(keeps(false).status).toBe(0);
  });

  it("process.exit with threads that wait for a callback ends at once and cleanly", () => {
    const { status, signal, stderr } = run(`
      const address = lib.registerCallback(numbers, (x) => process.exit(7), { keepAlive: true });
      start(address, 8, 1000);
    `);
    expect({ status, signal, stderr }).toEqual({ status: 7, signal: null, stderr: "" });
  });

  it("a worker that is terminated while threads wait for it lets them go", () => {
    const { status, stdout, stderr } = runProgram(
      `
      import { Worker } from "node:worker_threads";
      import { DynamicLibrary } from "./dist/ffi/index.js";
      const lib = new DynamicLibrary(process.argv[1]);
      const running = lib.getFunction("int32_t running_threads(void)");
      const text = \`
        import { DynamicLibrary } from "./dist/ffi/index.js";
        import { parentPort, workerData } from "node:worker_threads";
        const lib = new DynamicLibrary(workerData);
        const address = lib.registerCallback({ arguments: ["int32"], return: "int32" }, (x) => {
          parentPort.postMessage(x);
          for (;;);
        }, { keepAlive: true });
        lib.getFunction("start_threads", { arguments: ["pointer", "int32", "int32"], return: "int32" })(address, 6, 3);
      \`;
      const worker = new Worker(new URL("data:text/javascript," + encodeURIComponent(text.replaceAll("./dist", new URL("dist", "file://" + process.cwd() + "/").href))), { workerData: process.argv[1] });
      await new Promise((resolve) => worker.once("message", resolve));
      await worker.terminate();
      while (running() > 0) await new Promise((resolve) => setImmediate(resolve));
      console.log("all threads went on");
    `,
      { args: [threadsLibrary] },
    );
    expect(stderr).toBe("");
    expect(stdout.trim()).toBe("all threads went on");
    expect(status).toBe(0);
  });
});
