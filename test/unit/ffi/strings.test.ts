import { afterAll, describe, expect, it } from "vitest";
import { DynamicLibrary, pointer, struct } from "../../../src/ffi/index.js";
import { callsLibrary, openCalls } from "../../support/calls-library.js";

const { lib, functions: c } = openCalls();
const other = new DynamicLibrary(callsLibrary);
afterAll(() => {
  lib.close();
  other.close();
});

const texts = ["", "a", "Grüße, 世界 🌍", "x".repeat(47), "é".repeat(48), "🌍".repeat(30_000)];

describe("wide strings", () => {
  const echo32 = other.getFunction("echo_wide", { arguments: ["utf32"], return: "utf32" });
  const echo16 = new DynamicLibrary(callsLibrary).getFunction("echo_wide", {
    arguments: ["utf16"],
    return: "utf16",
  });
  const length16 = other.getFunction("length_utf16", { arguments: ["utf16"], return: "size" });

  it("come back as they went, in UTF-16, UTF-32 and as wchar_t", () => {
    for (const text of texts) {
      expect(c.echoWide(text)).toBe(text);
      expect(echo32(text)).toBe(text);
      expect(echo16(text)).toBe(text);
    }
  });

  it("are null where C has null", () => {
    expect([echo32(null), echo16(null), c.echoWide(null)]).toEqual([null, null, null]);
  });

  it("keep lone surrogates in UTF-16, and have U+FFFD for them elsewhere", () => {
    expect(echo16("a\ud800b")).toBe("a\ud800b");
    expect(echo32("a\ud800b")).toBe("a\ufffdb");
    expect(length16("🌍")).toBe(2);
  });

  it("refuse a NUL and what is no string, and do not show what they were", () => {
    for (const echo of [echo16, echo32]) {
      for (const text of ["\0", "secret\0", `${"x".repeat(70_000)}\0`]) {
        expect(() => echo(text)).toThrowError(/^(?!.*secret).*a string without a NUL character/);
      }
      for (const value of [1, {}, [], undefined, 5n]) {
        expect(() => echo(value as never)).toThrowError(/argument 1 must be a string or null/);
      }
    }
  });
});

describe("strings of any length", () => {
  it("reach C whole, with the scratch space full or empty", () => {
    for (let length = 1; length < 300_000; length = Math.ceil(length * 1.7)) {
      for (const letter of ["a", "é", "🌍"]) {
        const text = letter.repeat(length);
        expect(c.sameText(text, text)).toBe(1);
        expect(c.sameText(text, `${text}x`)).toBe(0);
      }
    }
  });

  it("all reach C when there are more than go by view", () => {
    const long = Array.from({ length: 10 }, (_, index) => "é".repeat(index * 3000));
    expect(c.totalLength(...long)).toBe(BigInt(45 * 3000 * 2));
  });
});

describe("strings in structs", () => {
  const Operation = struct({ name: "string", apply: "pointer", factor: "int32" });
  const run = other.getFunction("run_operation", {
    arguments: [pointer(Operation, "in"), "int32"],
    return: "int32",
  });

  it("live as long as the call", () => {
    const apply = lib.registerCallback({ arguments: ["int32"], return: "int32" }, (x) => x);
    for (const text of ["", "abc", "é".repeat(100_000)]) {
      const bytes = Buffer.byteLength(text);
      expect(run({ name: text, apply, factor: 1 }, 5)).toBe(5 + bytes);
    }
    lib.unregisterCallback(apply);
  });

  it("refuse a NUL by their place", () => {
    expect(() => run({ name: "a\0", apply: 0n, factor: 1 }, 5)).toThrowError(
      /argument 1\.name must be a string without a NUL/,
    );
  });
});
