import { constants } from "node:buffer";
import { afterAll, describe, expect, it } from "vitest";
import { requireEngine } from "../../../src/ffi/call/engine.js";
import {
  array,
  getRawPointer,
  pointer,
  toString as readText,
  struct,
} from "../../../src/ffi/index.js";
import { openCalls } from "../../support/calls-library.js";

const { lib, functions: c } = openCalls();
afterAll(() => lib.close());

const fail = () => {
  throw new Error("on the way");
};
const point = { x: 1, y: 2 };
const huge = { bytes: new Uint8Array(100_000).fill(1) };
const long = "é".repeat(40_000);

/** A point whose x runs something when it is read. */
const active = (run: () => void) => ({
  get x() {
    run();
    return 1;
  },
  y: 2,
});

function recurse(depth = 0): unknown {
  return c.callWithText(() => recurse(depth + 1), `level ${depth}`);
}

describe("scratch memory is given back, and what the call held", () => {
  const { scratch } = requireEngine().frame;
  const expectGivenBack = ({ top, end }: { top: number; end: number }) => {
    expect([scratch.top, scratch.end, scratch.held]).toEqual([top, end, []]);
  };

  const ways: readonly [string, () => unknown][] = [
    ["a call with strings", () => c.sameText("a", "b")],
    ["one with long strings", () => c.sameText(long, long)],
    ["one with structs", () => c.addPoints(point, point)],
    ["one with a huge struct", () => c.sumHuge(huge)],
    ["one that gives a huge struct", () => c.fillHuge(3)],
    ["one with functions", () => c.mapPoint((value: unknown) => value, point)],
    ["nested calls", () => c.callWithText((text: string) => c.sameText(text, long), long)],
    ["a refused string", () => c.sameText(long, "a\0")],
    ["a refused struct", () => c.addPoints(point, { x: 1 })],
    ["a getter that throws", () => c.addPoints(point, active(fail))],
    [
      "a getter that makes calls",
      () =>
        c.addPoints(
          point,
          active(() => c.sameText(long, long)),
        ),
    ],
    ["a callback that throws", () => c.callWithText(fail, long)],
    ["a callback with a wrong result", () => c.mapPoint(() => ({ x: long }), point)],
    ["endless recursion through callbacks", () => recurse()],
    ["endless recursion through getters", () => c.addPoints(active(recurse), point)],
    ["a vector call", () => c.textAndNumber.map([long, Int32Array.of(1, 2)])],
    ["a refused vector call", () => c.textAndNumber.map([long, "not a column"])],
  ];

  it.each(ways)("after %s", (_title, call) => {
    const before = { ...scratch };
    try {
      call();
    } catch (error) {
      expect(error).toBeInstanceOf(Error);
    }
    expectGivenBack(before);
    expect(c.addPoints(point, point)).toEqual({ x: 2, y: 4 });
  });

  it.each([
    ["an asynchronous call", () => c.sameText.async(long, long)],
    ["a refused one", () => c.sameText.async(long, "a\0")],
    ["one with a callback that throws", () => c.callWithText.async(fail, long)],
    ["an asynchronous vector call", () => c.textAndNumber.map.async([long, Int32Array.of(1, 2)])],
  ])("after %s, at once and when it is over", async (_title, call) => {
    const before = { ...scratch };
    const promise = call().catch((error: unknown) => expect(error).toBeInstanceOf(Error));
    expectGivenBack(before);
    await promise;
    expectGivenBack(before);
  });
});

describe("what is too large", () => {
  it("is no string of JavaScript's: the longest passes", () => {
    const longest = "x".repeat(constants.MAX_STRING_LENGTH);
    expect(c.sameText(longest, "x")).toBe(0);
  });

  it("is text of C's that no string holds: it is refused, and calls go on", () => {
    const text = Buffer.alloc(constants.MAX_STRING_LENGTH + 2, "x");
    text[text.length - 1] = 0;
    const address = getRawPointer(text);
    const tooLong = expect.objectContaining({ code: "ERR_STRING_TOO_LONG" });
    expect(() => readText(address)).toThrowError(tooLong);
    const view = struct({ text: "string" }).view();
    view.text = address as never;
    expect(() => view.text).toThrowError(tooLong);
    expect(c.sameText("a", "a")).toBe(1);
  });

  it("is memory that there is not: it is refused, and calls go on", () => {
    const large = struct({ bytes: array("uint8", 2 ** 31 - 1) });
    const call = lib.getFunctionAt(c.sameText.pointer, {
      arguments: [pointer(large, "out"), "string"],
      return: "int32",
    }) as unknown as { (...args: unknown[]): number; async(...args: unknown[]): Promise<number> };
    const many = Array.from({ length: 2 ** 20 }, () => ({}));
    expect(() => call(many, "a")).toThrowError(RangeError);
    expect(c.sameText("a", "a")).toBe(1);
  });
});
