import { afterAll, describe, expect, it } from "vitest";
import { callback, DynamicLibrary } from "../../../src/ffi/index.js";
import { callsLibrary, openCalls } from "../../support/calls-library.js";

const { lib, functions: c } = openCalls();
afterAll(() => lib.close());

const numbers = { arguments: ["int32"], return: "int32" } as const;

describe("a registered callback", () => {
  it("takes a signature object, a C type or what `callback` made", () => {
    for (const signature of [
      numbers,
      "int32_t (*)(int32_t)",
      "int32_t (int32_t)",
      "int32_t (*name)(int32_t x)",
      callback(numbers),
    ]) {
      const address = lib.registerCallback(signature as typeof numbers, (x) => x + 1);
      expect(c.call(address, 41)).toBe(42);
      lib.unregisterCallback(address);
    }
  });

  it("is named in the refusal of its result by its function's name", () => {
    const problem = "the callback's result must be an integer from -2147483648 to 2147483647, got";
    const onChange = () => "x" as never;
    const named = lib.registerCallback(numbers, onChange);
    const nameless = lib.registerCallback(
      numbers,
      (
        () => () =>
          "x" as never
      )(),
    );
    expect(() => c.call(named, 1)).toThrowError(`registered callback onChange: ${problem}`);
    expect(() => c.call(nameless, 1)).toThrowError(`registered callback: ${problem}`);
    lib.unregisterCallback(named);
    lib.unregisterCallback(nameless);
  });

  it("is kept by C beyond the call it was passed to, and gives zero once it is unregistered", () => {
    const address = lib.registerCallback(numbers, (x) => x * 2);
    c.keep(address);
    expect(c.callKept(21)).toBe(42);
    lib.unregisterCallback(address);
    expect(c.callKept(21)).toBe(0);
    expect(() => lib.unregisterCallback(address)).toThrowError("callback not found");
  });

  it("gives zero after its library was closed", () => {
    const other = new DynamicLibrary(callsLibrary);
    const address = other.registerCallback(numbers, (x) => x * 2);
    c.keep(address);
    expect(c.callKept(21)).toBe(42);
    other.close();
    expect(c.callKept(21)).toBe(0);
    expect(() => other.registerCallback(numbers, (x) => x)).toThrowError("closed");
  });

  it("may be unregistered by itself while it runs", () => {
    const address: bigint = lib.registerCallback(numbers, (x) => {
      lib.unregisterCallback(address);
      return x + 1;
    });
    const results = new Int32Array(3).fill(-1);
    c.collect(address, 3, results);
    expect([...results]).toEqual([1, 0, 0]);
  });

  it("may close its library while it runs: the call returns, the next is refused", () => {
    const { lib: other, functions } = openCalls();
    const results: unknown[] = [];
    const close = (x: number) => {
      other.close();
      results.push(x);
      return x + 1;
    };
    expect(functions.call(close, 1)).toBe(2);
    expect(() => functions.call(close, 1)).toThrowError(
      expect.objectContaining({ code: "ERR_FFI_LIBRARY_CLOSED" }),
    );
    expect(results).toEqual([1]);
  });

  it("refuses what is no signature, no function, no policy and no pointer", () => {
    expect(() => lib.registerCallback(numbers, 5 as never)).toThrowError("must be a function");
    expect(() =>
      lib.registerCallback({ arguments: ["nonsense"] } as never, (() => 1) as never),
    ).toThrowError("nonsense");
    const options = { thread: "wait" } as never;
    expect(() => lib.registerCallback(numbers, (x) => x, options)).toThrowError(
      "thread must be one of block, queue, drop",
    );
    expect(() => lib.unregisterCallback(12345n)).toThrowError("callback not found");
    expect(() => lib.unregisterCallback(5 as never)).toThrowError("must be a bigint");
  });

  it("works by the thousand, and pointers given back do not lead elsewhere at once", () => {
    const addresses = Array.from({ length: 3000 }, (_, index) =>
      lib.registerCallback(numbers, (x) => x + index),
    );
    expect(new Set(addresses).size).toBe(3000);
    for (const index of [0, 1, 1500, 2999]) expect(c.call(addresses[index], 5)).toBe(5 + index);
    for (const address of addresses) lib.unregisterCallback(address);
    const next = lib.registerCallback(numbers, () => 99);
    expect(c.call(addresses[0], 5)).toBe(0);
    expect(c.call(next, 5)).toBe(99);
    lib.unregisterCallback(next);
  });
});
