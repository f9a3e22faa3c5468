import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { dlopen } from "../../../src/ffi/index.js";
import { HelperEndedError, Isolate } from "../../../src/isolate/index.js";
import { runProgram } from "../../support/child.js";
import { compileSource, crashesLibrary } from "../../support/compile.js";

const definitions = {
  crash_never: "int crash_never(int x)",
  crash_segfault: "void crash_segfault(void)",
  crash_abort: "void crash_abort(void)",
  crash_illegal: "void crash_illegal(void)",
  crash_kill: "void crash_kill(void)",
  crash_loop: "void crash_loop(void)",
  crash_double_free: "void crash_double_free(void)",
  crash_stack: "int crash_stack(int depth)",
  crash_exit: "void crash_exit(int status)",
  crash_memory: "int crash_memory(size_t bytes)",
  crash_close_descriptors: "void crash_close_descriptors(void)",
  crash_later: "void crash_later(int milliseconds)",
  crash_call: "int crash_call(int (*callback)(int), int x)",
  crash_after_callback: "int crash_after_callback(int (*callback)(int), int x)",
  crash_sleep: "void crash_sleep(int milliseconds)",
  crash_count: "int crash_count(void)",
  crash_scribble: "int crash_scribble(uint64_t seed, uint64_t first, uint64_t last, uint64_t step)",
} as const;

/** Many crashes without a success in between are part of these tests. */
const options = { maxRestarts: 1e6, restartDelayMs: 0, timeoutMs: 500 };
const isolate = new Isolate(options);
const { functions: f } = dlopen(crashesLibrary, definitions, { isolate });
afterAll(() => isolate.close());

const CRASHES = Number(process.env.NEARFAR_CRASHES ?? 50); // In a row: one may leak a little.

const SIGNALS = {
  crash_segfault: "SIGSEGV",
  crash_abort: "SIGABRT",
  crash_illegal: /SIGILL|SIGTRAP/,
  crash_kill: "SIGKILL",
  crash_double_free: "SIGABRT",
} as const;
type Crash = keyof typeof SIGNALS;
const crashes = Object.keys(SIGNALS) as Crash[];

async function errorOf(call: () => unknown): Promise<HelperEndedError> {
  try {
    await call();
  } catch (error) {
    expect(error).toBeInstanceOf(HelperEndedError);
    return error as HelperEndedError;
  }
  throw new Error("nothing was thrown");
}

describe("a crash in a call", () => {
  afterEach(async () => {
    await expect(f.crash_never(1)).resolves.toBe(2);
    expect(f.crash_never.sync(2)).toBe(3);
  });

  it.each(crashes)("by %s is an error that names signal and function", async (name) => {
    for (const call of [() => f[name].sync(), () => f[name]()]) {
      const error = await errorOf(call);
      expect(error.code).toBe("ERR_ISOLATE_ENDED");
      expect(error.signal).toMatch(SIGNALS[name]);
      expect(error.functionName).toBe(name);
      expect(error.message).toContain(`in ${name}`);
      expect(error.exitStatus).toBeUndefined();
    }
  });

  it("by an endless recursion, too", async () => {
    expect((await errorOf(() => f.crash_stack.sync(0))).signal).toBe("SIGSEGV");
    expect((await errorOf(() => f.crash_stack(0))).signal).toBe("SIGSEGV");
  });

  it("by exit() names the status", async () => {
    const error = await errorOf(() => f.crash_exit(42));
    expect(error.exitStatus).toBe(42);
    expect(error.signal).toBeUndefined();
    expect((await errorOf(() => f.crash_exit.sync(0))).exitStatus).toBe(0);
  });

  it("that never ends is ended after timeoutMs", async () => {
    const error = expect.objectContaining({ code: "ERR_ISOLATE_TIMEOUT" });
    expect(() => f.crash_loop.sync()).toThrow(error);
    await expect(f.crash_loop()).rejects.toEqual(error);
    await expect(f.crash_loop()).rejects.toThrow(/crash_loop took longer than 500 ms/);
  });

  it("fails every pending call at once, those before it excepted", async () => {
    const calls = [f.crash_never(1), f.crash_segfault(), f.crash_never(2), f.crash_loop()];
    const [first, ...others] = await Promise.allSettled(calls);
    expect(first).toEqual({ status: "fulfilled", value: 2 });
    for (const other of others) {
      expect(other).toMatchObject({
        status: "rejected",
        reason: { functionName: "crash_segfault" },
      });
    }
  });

  it("takes nothing back that was answered before, when more is asked of who is gone", async () => {
    // Now the helper knows both. Then the event loop stands still until it is gone.
    await Promise.all([f.crash_later(60_000), f.crash_never(1)]);
    const calls = [f.crash_never(1), f.crash_later(0)];
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300);
    const settled = await Promise.allSettled([...calls, f.crash_sleep(400)]);
    expect(settled[0]).toEqual({ status: "fulfilled", value: 2 });
  });

  it("fails what has no place in the shared memory yet", async () => {
    const calls = [f.crash_sleep(20), f.crash_abort()];
    const more = Array.from({ length: 600 }, () => f.crash_never(1));
    const settled = await Promise.allSettled([...calls, ...more]);
    expect(settled.filter(({ status }) => status === "rejected")).toHaveLength(601);
  });

  it("of the memory there is, is for the library to handle", () => {
    expect([0, 1]).toContain(f.crash_memory.sync(2 ** 40));
  });

  it("by closing all descriptors ends the helper when it cannot signal its next news", async () => {
    await f.crash_never(1);
    const [first] = isolate.processIds;
    await Promise.allSettled([f.crash_close_descriptors()]);
    // News that are seen before they are signalled are no reason to end; those of one of these are.
    while (isolate.processIds[0] === first) {
      await Promise.allSettled([(async () => f.crash_never.sync(1))()]);
      await sleep(1);
    }
  });
});

describe("a crash in or after a callback", () => {
  afterEach(() => expect(f.crash_never.sync(2)).toBe(3));

  it("is an error of the call, and of the call that the callback made", async () => {
    const inner: unknown[] = [];
    const listener = (x: number) => {
      try {
        f.crash_segfault.sync();
      } catch (error) {
        inner.push(error);
      }
      return x;
    };
    const error = await errorOf(() => f.crash_call.sync(listener, 1));
    expect(error.functionName).toBe("crash_segfault");
    expect(inner).toEqual([expect.any(HelperEndedError)]);
    await errorOf(() => f.crash_call(listener, 1));
  });

  it("after it has returned, too", async () => {
    expect((await errorOf(() => f.crash_after_callback.sync((x) => x, 1))).signal).toBe("SIGSEGV");
    expect((await errorOf(() => f.crash_after_callback((x) => x, 1))).signal).toBe("SIGSEGV");
  });

  it("leaves callbacks working in the next helper", async () => {
    expect(f.crash_call.sync((x) => x * 2, 4)).toBe(8);
    await expect(f.crash_call((x) => x * 3, 4)).resolves.toBe(12);
  });
});

describe("a crash between calls", () => {
  it("is noticed, and the next call has a new helper", async () => {
    f.crash_never.sync(1);
    const [before] = isolate.processIds;
    f.crash_later.sync(20);
    await sleep(200);
    expect(isolate.processIds).toEqual([]);
    expect(f.crash_never.sync(1)).toBe(2);
    expect(isolate.processIds).not.toEqual([before]);
  });

  it("by a signal from outside is no different", async () => {
    f.crash_never.sync(1);
    const [id] = isolate.processIds;
    if (id !== undefined) process.kill(id, "SIGKILL");
    await sleep(100);
    await expect(f.crash_never(1)).resolves.toBe(2);
  });

  it("loses what the library had", async () => {
    f.crash_count.sync();
    expect(f.crash_count.sync()).toBeGreaterThan(1);
    await errorOf(() => f.crash_kill());
    expect(f.crash_count.sync()).toBe(1);
  });
});

describe("a crash while a library is loaded", () => {
  const dies = compileSource(
    "dies-when-loaded",
    "#include <stdlib.h>\n__attribute__((constructor)) static void init(void) { abort(); }\nint f(void) { return 1; }",
  );

  it("is an error of dlopen", async () => {
    const error = await errorOf(() => dlopen(dies, { f: "int f(void)" }, { isolate: true }));
    expect(error.signal).toBe("SIGABRT");
    expect(error.message).toContain("loading");
  });

  it("leaves other libraries of the isolate working", async () => {
    await errorOf(() => dlopen(dies, { f: "int f(void)" }, { isolate }));
    expect(f.crash_never.sync(1)).toBe(2);
  });

  it("that hangs is ended after loadTimeoutMs", () => {
    const hangs = compileSource(
      "hangs-when-loaded",
      "__attribute__((constructor)) static void init(void) { for (volatile int i = 0;;) i++; }",
    );
    const load = () => dlopen(hangs, {}, { isolate: { loadTimeoutMs: 100 } });
    expect(load).toThrow(expect.objectContaining({ code: "ERR_ISOLATE_TIMEOUT" }));
  });
});

describe("restarting", () => {
  it("stops after maxRestarts in a row without a successful call", async () => {
    using strict = new Isolate({ maxRestarts: 2, restartDelayMs: 1 });
    const { functions } = dlopen(
      crashesLibrary,
      { crash_kill: definitions.crash_kill },
      {
        isolate: strict,
      },
    );
    for (let count = 0; count < 3; count++) await errorOf(() => functions.crash_kill());
    await expect(functions.crash_kill()).rejects.toThrow("maxRestarts (2)");
    expect(() => functions.crash_kill.sync()).toThrow(
      expect.objectContaining({ code: "ERR_ISOLATE_UNAVAILABLE" }),
    );
  });

  it("counts from the start again after a successful call", async () => {
    using strict = new Isolate({ maxRestarts: 1, restartDelayMs: 1 });
    const { functions } = dlopen(crashesLibrary, definitions, { isolate: strict });
    for (let count = 0; count < 4; count++) {
      await errorOf(() => functions.crash_kill());
      expect(functions.crash_never.sync(count)).toBe(count + 1);
    }
  });
});

describe("what is closed", () => {
  it("refuses calls as a closed library of this process does", async () => {
    const library = dlopen(crashesLibrary, definitions, { isolate: true });
    library.lib.close();
    const error = expect.objectContaining({ code: "ERR_FFI_LIBRARY_CLOSED" });
    expect(() => library.functions.crash_never.sync(1)).toThrow(error);
    await expect(library.functions.crash_never(1)).rejects.toEqual(error);
    library.lib.close();
  });

  it("lets calls in progress end first", async () => {
    const library = dlopen(crashesLibrary, definitions, { isolate: true });
    const calls = [library.functions.crash_sleep(30), library.functions.crash_never(1)];
    library.lib.close();
    await expect(Promise.all(calls)).resolves.toEqual([undefined, 2]);
  });

  it("as an isolate, fails calls in progress and starts no helper any more", async () => {
    const closed = new Isolate();
    const { functions } = dlopen(crashesLibrary, definitions, { isolate: closed });
    const call = functions.crash_sleep(10_000);
    closed.close();
    closed.close();
    const error = expect.objectContaining({ code: "ERR_ISOLATE_UNAVAILABLE" });
    await expect(call).rejects.toEqual(error);
    expect(() => functions.crash_never.sync(1)).toThrow(error);
  });
});

describe("a helper that writes over the shared memory", () => {
  /** What may come of it, besides a result that is wrong. */
  const ALLOWED = /^ERR_(ISOLATE_|FFI_|INVALID_ARG|STRING)/;

  it.each(Array.from({ length: 12 }, (_, seed) => seed + 1))(
    "gets errors: seed %i",
    async (seed) => {
      using hostile = new Isolate({ ...options, timeoutMs: 300 });
      const { functions } = dlopen(crashesLibrary, definitions, { isolate: hostile });
      // The frame, then the words that both sides wait on, then all of it.
      const first = [0n, 65536n, 0n][seed % 3] ?? 0n;
      const last = [65536n, 352960n, 2n ** 32n][seed % 3] ?? 0n;
      const calls = [
        () =>
          functions.crash_scribble(BigInt(seed * 7919), first, last, BigInt(1 + (seed % 5) * 40)),
        () => functions.crash_never(1),
        () => functions.crash_call((x) => x, 2),
        async () => functions.crash_never.sync(1),
        async () => functions.crash_call.sync((x) => x, 2),
      ];
      for (const call of calls) {
        try {
          await call();
        } catch (error) {
          const { code, name } = error as Error & { code?: string };
          expect(code ?? name).toMatch(code === undefined ? /^RangeError$/ : ALLOWED);
        }
      }
      hostile.close();
    },
  );
});

describe("many crashes", () => {
  /** What this process has that a crash could leave behind. */
  function inventory() {
    const descriptors = readdirSync("/proc/self/fd").map((name) => {
      try {
        return readlinkSync(`/proc/self/fd/${name}`).replace(/\d+/g, "N");
      } catch {
        return "gone";
      }
    });
    return descriptors.filter((name) => name !== "gone").sort();
  }

  it(`leave no process, descriptor or memory behind: ${CRASHES} in a row`, async () => {
    f.crash_never.sync(1);
    await sleep(200); // For what earlier tests have closed.
    const before = inventory();
    for (let count = 0; count < CRASHES; count++) {
      const name = crashes[count % crashes.length] ?? "crash_kill";
      await errorOf(count % 2 === 0 ? () => f[name]() : () => f[name].sync());
    }
    expect(f.crash_never.sync(1)).toBe(2);
    await sleep(50);
    // The collector may have taken memory of isolates that earlier tests have closed.
    expect(inventory().length).toBeLessThanOrEqual(before.length);
    expect(isolate.blocksInUse).toBe(0);
    expect(isolate.processIds).toHaveLength(1);
  });
});

describe("the end of this process", () => {
  const program = (end: string) => `
    import { dlopen } from "./dist/ffi/index.js";
    import { Isolate } from "./dist/isolate/index.js";
    const isolate = new Isolate();
    const { functions } = dlopen(${JSON.stringify(crashesLibrary)},
      { sleep: "void crash_sleep(int ms)", crash_sleep: "void crash_sleep(int ms)" }, { isolate });
    functions.crash_sleep.sync(1);
    console.log(isolate.processIds[0]);
    ${end}`;

  it.each([
    ["by itself", ""],
    ["by process.exit", "process.exit(0);"],
    [
      "by SIGKILL, in a call",
      'functions.crash_sleep(60000); setTimeout(() => process.kill(process.pid, "SIGKILL"), 50);',
    ],
    [
      "by an exception",
      'functions.crash_sleep(60000).catch(() => {}); setTimeout(() => { throw new Error("end") }, 50);',
    ],
  ])("%s ends its helpers", async (_, end) => {
    const { stdout } = runProgram(program(end));
    const id = Number(stdout);
    expect(id).toBeGreaterThan(0);
    await expect.poll(() => isAlive(id)).toBe(false);
  });

  /** One that nobody has waited for yet is dead all the same. */
  function isAlive(id: number): boolean {
    try {
      return !/\) Z /.test(readFileSync(`/proc/${id}/stat`, "utf8"));
    } catch {
      return false;
    }
  }
});

describe("signals of this process", () => {
  it("leave helpers alone while they are started and asked: those of a profiler", () => {
    const folder = mkdtempSync(join(tmpdir(), "nearfar-profile-"));
    const program = `
      import { dlopen } from "./dist/ffi/index.js";
      const results = [];
      for (let round = 0; round < 5; round++) {
        const { functions, lib } = dlopen(null, { abs: "int abs(int x)" }, { isolate: true });
        results.push(functions.abs.sync(-round));
        lib.close();
      }
      console.log(results.join());`;
    const flags = ["--cpu-prof", "--cpu-prof-interval", "100", "--cpu-prof-dir", folder];
    const { stdout, stderr } = runProgram(program, { flags });
    rmSync(folder, { recursive: true });
    expect(stderr).toBe("");
    expect(stdout).toBe("0,1,2,3,4\n");
  });
});
