import { afterEach, describe, expect, it } from "vitest";
import { untraced } from "../../../src/errors/index.js";

const { stackTraceLimit } = Error;
afterEach(() => {
  Error.stackTraceLimit = stackTraceLimit;
});

describe("an untraced error", () => {
  it("is the error, without the places of its making", () => {
    const error = untraced(() => new RangeError("too far"));
    expect(error).toBeInstanceOf(RangeError);
    expect(error.stack).toBe("RangeError: too far");
  });

  it.each([0, 3, 10])("leaves later ones their %i places", (limit) => {
    Error.stackTraceLimit = limit;
    untraced(() => new Error("x"));
    expect(Error.stackTraceLimit).toBe(limit);
  });

  it("leaves them that also where its making throws", () => {
    const fail = (): Error => {
      throw new Error("not made");
    };
    expect(() => untraced(fail)).toThrow("not made");
    expect(Error.stackTraceLimit).toBe(stackTraceLimit);
  });

  it("is made as ever where nobody may change how many", () => {
    Object.defineProperty(Error, "stackTraceLimit", { value: 5, writable: false });
    try {
      expect(untraced(() => new Error("x")).stack).toContain("untraced.test.ts");
    } finally {
      Object.defineProperty(Error, "stackTraceLimit", { value: stackTraceLimit, writable: true });
    }
  });
});
