import { constants } from "node:os";
import { afterAll, describe, expect, it } from "vitest";
import { DynamicLibrary } from "../../../src/ffi/index.js";
import { callsLibrary } from "../../support/calls-library.js";
import { cLibrary } from "../../support/compile.js";

const lib = new DynamicLibrary(callsLibrary);
const libc = new DynamicLibrary(cLibrary);
afterAll(() => {
  lib.close();
  libc.close();
});

const options = { errno: true, threadSafe: true } as const;
const onWindows = process.platform === "win32";
/** On Windows GetLastError: ERROR_PATH_NOT_FOUND. */
const notFound = onWindows ? 3 : constants.errno.ENOENT;

describe("errno: true", () => {
  const open = onWindows
    ? libc.getFunction("int _open(const char *path, int flags)", options)
    : libc.getFunction("int open(const char *path, int flags)", options);
  const failWith = lib.getFunction("int32_t fail_with(int32_t error)", options);

  it("gives the value and the error number that the call left", () => {
    expect(open("/nonexistent/file", 0)).toEqual({ value: -1, errno: notFound });
  });

  it("is 0 where C sets none, also right after a call that failed", () => {
    expect(failWith(13)).toEqual({ value: -1, errno: 13 });
    expect(failWith(0)).toEqual({ value: 0, errno: 0 });
  });

  it("belongs to its call: calls without it in between change nothing", () => {
    const plain = new DynamicLibrary(callsLibrary);
    const quiet = plain.getFunction("int32_t fail_with(int32_t error)");
    const first = failWith(11);
    expect(quiet(99)).toBe(-1);
    expect(first).toEqual({ value: -1, errno: 11 });
    expect(failWith(0).errno).toBe(0);
    plain.close();
  });

  it("is kept for C across a callback, whatever JavaScript does in it", () => {
    const call = lib.getFunction("int32_t fail_then_call(int32_t error, void (*f)(void))", {
      errno: true,
    }) as (...args: unknown[]) => unknown;
    const busy = () => {
      expect(open("/nonexistent/file", 0).errno).toBe(notFound);
      expect(failWith(77).errno).toBe(77);
    };
    expect(call(42, busy)).toEqual({ value: 1, errno: 42 });
  });

  it("comes with a signature object, and with an asynchronous call", async () => {
    const other = new DynamicLibrary(callsLibrary);
    const signature = { arguments: ["int32"], return: "int32", errno: true } as const;
    expect(other.getFunction("fail_with", signature)(5)).toEqual({ value: -1, errno: 5 });
    expect(await open.async("/nonexistent/file", 0)).toEqual({ value: -1, errno: notFound });
    const outcomes = await Promise.all(Array.from({ length: 500 }, (_, n) => failWith.async(n)));
    expect(outcomes.map(({ errno }) => errno)).toEqual(Array.from({ length: 500 }, (_, n) => n));
    other.close();
  });

  it("is refused for map, which would not know of which call", () => {
    expect(() => failWith.map([Int32Array.of(1)] as never)).toThrowError(/no errno/);
  });
});
