import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { cdef, dlopen, type FunctionType } from "../../../src/ffi/index.js";
import { Isolate } from "../../../src/isolate/index.js";
import { threadsLibrary, until } from "../../support/calls-library.js";
import { runProgram } from "../../support/child.js";
import { compileSource } from "../../support/compile.js";

const isolate = new Isolate();
const { lib, functions: t } = dlopen(
  threadsLibrary,
  {
    start_threads: "int32_t start_threads(void *function, int32_t threads, int32_t calls)",
    join_threads: "void join_threads(void)",
    returned_calls: "int32_t returned_calls(void)",
    sum_of_results: "int64_t sum_of_results(void)",
    forget_results: "void forget_results(void)",
    wait_at_gate: "int32_t wait_at_gate(int32_t x)",
    set_gate: "void set_gate(int32_t open)",
  },
  { isolate },
);
afterAll(() => isolate.close());
beforeEach(() => t.forget_results());

const numbers = { arguments: ["int32"], return: "int32" } as const;

describe("a callback of an isolated library called by threads of C", () => {
  it("blocks them until JavaScript has answered, also while it waits for them", async () => {
    const address = lib.registerCallback(numbers, (x) => x * 2);
    await t.start_threads(address, 8, 25);
    await t.join_threads();
    expect(await t.sum_of_results()).toBe(199n * 200n);
    await t.forget_results();
    t.start_threads.sync(address, 4, 5);
    t.join_threads.sync();
    expect(t.sum_of_results.sync()).toBe(19n * 20n);
    lib.unregisterCallback(address);
  });

  it("queues: C gets zero at once, and every call is run later, a thread's own in order", async () => {
    const seen: number[] = [];
    const listener = (x: number) => {
      seen.push(x);
      return 1000;
    };
    const address = lib.registerCallback(numbers, listener, { thread: "queue" });
    t.start_threads.sync(address, 4, 50);
    t.join_threads.sync();
    expect(t.returned_calls.sync()).toBe(200);
    expect(t.sum_of_results.sync()).toBe(0n);
    expect(seen).toEqual([]);
    await until(() => seen.length === 200);
    for (let thread = 0; thread < 4; thread++) {
      const own = seen.filter((x) => Math.floor(x / 50) === thread);
      expect(own).toEqual(Array.from({ length: 50 }, (_, index) => thread * 50 + index));
    }
    lib.unregisterCallback(address);
  });

  it("queues structs by value and large arguments on the stack as they were", async () => {
    const path = compileSource(
      "isolated-queued",
      `
#include <pthread.h>
#include <stdint.h>
struct large { int32_t numbers[10]; double total; };
typedef void (*listener)(int32_t index, struct large value);
static void *run(void *function) {
  struct large value;
  for (int32_t index = 0; index < 3; ++index) {
    for (int32_t at = 0; at < 10; ++at) value.numbers[at] = index * 100 + at;
    value.total = index + 0.5;
    ((listener)function)(index, value);
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
      typedef void (*listener)(int32_t index, struct large value);
    `);
    const definitions = { call_from_thread: "void call_from_thread(void *function)" } as const;
    const queued = dlopen(path, definitions, { types, isolate });
    const seen: unknown[] = [];
    const address = queued.lib.registerCallback(
      types.types.listener as FunctionType,
      (index: number, value: object) => seen.push([index, value]),
      { thread: "queue" },
    );
    await queued.functions.call_from_thread(address);
    await until(() => seen.length === 3);
    expect(seen).toEqual(
      [0, 1, 2].map((index) => [
        index,
        { numbers: Array.from({ length: 10 }, (_, at) => index * 100 + at), total: index + 0.5 },
      ]),
    );
    queued.lib.close();
  });

  it("drops: C gets zero and nothing runs", async () => {
    const seen: number[] = [];
    const listener = (x: number) => seen.push(x);
    const address = lib.registerCallback(numbers, listener, { thread: "drop" });
    await t.start_threads(address, 4, 25);
    await t.join_threads();
    expect(await t.returned_calls()).toBe(100);
    expect(await t.sum_of_results()).toBe(0n);
    const marker = lib.registerCallback(numbers, () => seen.push(-1), { thread: "queue" });
    await t.start_threads(marker, 1, 1);
    await until(() => seen.length > 0);
    expect(seen).toEqual([-1]);
    lib.unregisterCallback(address);
    lib.unregisterCallback(marker);
  });

  it("runs for a call of ours, whatever the policy", async () => {
    const definitions = { apply: "int apply(int (*f)(int), int x)" } as const;
    const path = compileSource(
      "isolated-apply",
      "int apply(int (*f)(int), int x) { return f(x); }",
    );
    const own = dlopen(path, definitions, { isolate: true });
    for (const thread of ["block", "queue", "drop"] as const) {
      const address = own.lib.registerCallback(numbers, (x) => x + 1, { thread });
      expect(await own.functions.apply(address, 41)).toBe(42);
      expect(own.functions.apply.sync(address, 41)).toBe(42);
      own.lib.unregisterCallback(address);
    }
    own.lib.close();
  });

  it("is not run any more once it is unregistered, and others are", async () => {
    const seen: number[] = [];
    const listener = (x: number) => seen.push(x);
    const gone = lib.registerCallback(numbers, listener, { thread: "queue" });
    t.start_threads.sync(gone, 2, 10);
    t.join_threads.sync();
    lib.unregisterCallback(gone);
    const marker = lib.registerCallback(numbers, () => seen.push(-1), { thread: "queue" });
    t.start_threads.sync(marker, 1, 1);
    await until(() => seen.length > 0);
    expect(seen).toEqual([-1]);
    lib.unregisterCallback(marker);
  });

  it("can make calls of the library from the queue, with callbacks of their own", async () => {
    const seen: unknown[] = [];
    t.set_gate.sync(1);
    const address = lib.registerCallback(
      numbers,
      (x) => {
        seen.push(t.wait_at_gate.sync(x));
        void t.wait_at_gate(x + 100).then((value) => seen.push(value));
        return 0;
      },
      { thread: "queue" },
    );
    await t.start_threads(address, 1, 3);
    await until(() => seen.length === 6);
    expect(seen.map(Number).sort((a, b) => a - b)).toEqual([0, 1, 2, 100, 101, 102]);
    lib.unregisterCallback(address);
    t.set_gate.sync(0);
  });
});

describe("a queued callback that throws", () => {
  it("is an uncaught exception, and those after it run", () => {
    const { status, stdout } = runProgram(
      `
      import { dlopen } from "./dist/ffi/index.js";
      const { lib, functions } = dlopen(process.argv[1], {
        start_threads: "int32_t start_threads(void *function, int32_t threads, int32_t calls)",
      }, { isolate: true });
      process.on("uncaughtException", (error) => console.log("uncaught", error.message));
      const address = lib.registerCallback({ arguments: ["int32"], return: "int32" }, (x) => {
        if (x === 2) setImmediate(() => lib.unregisterCallback(address));
        throw new Error("boom " + x);
      }, { thread: "queue", keepAlive: true });
      await functions.start_threads(address, 1, 3);
      `,
      { args: [threadsLibrary] },
    );
    expect(stdout.trim().split("\n")).toEqual([0, 1, 2].map((x) => `uncaught boom ${x}`));
    expect(status).toBe(0);
  });
});
