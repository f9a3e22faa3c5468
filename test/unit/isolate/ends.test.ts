import { afterAll, describe, expect, it } from "vitest";
import { dlopen } from "../../../src/ffi/index.js";
import { HelperEndedError, Isolate } from "../../../src/isolate/index.js";
import { compileSource } from "../../support/compile.js";

// How helpers end on every system; crashes.test.ts has what POSIX knows besides.
const path = compileSource(
  "isolated-ends",
  `
#include <stdlib.h>
int twice(int x) { return x * 2; }
void crash(void) { *(volatile int *)8 = 1; }
void quit(int status) { _Exit(status); }
void hang(void) { for (volatile int on = 1; on;) {} }
int call(int (*f)(int), int x) { return f(x); }
`,
);
const definitions = {
  twice: "int twice(int x)",
  crash: "void crash(void)",
  quit: "void quit(int status)",
  hang: "void hang(void)",
  call: "int call(int (*f)(int), int x)",
} as const;
const isolate = new Isolate({ maxRestarts: 100, restartDelayMs: 0, timeoutMs: 300 });
const { functions: f } = dlopen(path, definitions, { isolate });
afterAll(() => isolate.close());

/** STATUS_ACCESS_VIOLATION of Windows, which has no signals. */
const crashed =
  process.platform === "win32" ? { exitStatus: 0xc000_0005 } : { signal: "SIGSEGV" as const };

describe.each(["waited for", "promised"])("a call that is %s", (form) => {
  const make = async (name: "crash" | "hang" | "quit", ...args: number[]) => {
    const called = f[name] as unknown as ((...values: number[]) => Promise<void>) & {
      sync(...values: number[]): void;
    };
    return form === "promised" ? await called(...args) : called.sync(...args);
  };
  const errorOf = (call: Promise<void>) => call.catch((error: unknown) => error);

  it("and crashes is an error that says how, and the next call works", async () => {
    const error = await errorOf(make("crash"));
    expect(error).toBeInstanceOf(HelperEndedError);
    expect(error).toMatchObject({ ...crashed, functionName: "crash", code: "ERR_ISOLATE_ENDED" });
    expect(f.twice.sync(4)).toBe(8);
  });

  it("and ends the process is an error with its status", async () => {
    const error = await errorOf(make("quit", 3));
    expect(error).toMatchObject({ exitStatus: 3, signal: undefined, functionName: "quit" });
    await expect(f.twice(5)).resolves.toBe(10);
  });

  it("and takes too long is ended", async () => {
    const error = await errorOf(make("hang"));
    expect(error).toMatchObject({ code: "ERR_ISOLATE_TIMEOUT" });
    await expect(f.twice(6)).resolves.toBe(12);
  });
});

it("a crash below a callback fails the call that it is in", () => {
  const crash = () => f.crash.sync() as unknown as number;
  expect(() => f.call.sync(crash, 1)).toThrow(HelperEndedError);
  expect(f.call.sync((x) => x + 1, 1)).toBe(2);
});

it("calls that wait when the helper ends are told that they were not made", async () => {
  const calls = [f.crash(), f.twice(1)];
  const [, waiting] = await Promise.allSettled(calls);
  expect(waiting).toMatchObject({ reason: { mayHaveBegun: false } });
});
