import { afterAll, describe, expect, it } from "vitest";
import { DynamicLibrary, enumeration, struct } from "../../../src/ffi/index.js";
import { callsLibrary, openCalls } from "../../support/calls-library.js";
import { cLibrary, cLibraryName } from "../../support/compile.js";

const { lib, functions: c } = openCalls();
const libc = new DynamicLibrary(cLibrary);
afterAll(() => {
  lib.close();
  libc.close();
});

const snprintf = libc.getFunction(
  `int ${cLibraryName("snprintf")}(char *s, size_t n, const char *format, ...)`,
) as (...args: unknown[]) => number;

function format(text: string, ...values: unknown[]): string {
  const buffer = Buffer.alloc(256);
  const length = snprintf(buffer, buffer.length, text, ...values);
  return buffer.toString("utf8", 0, length);
}

describe("a variadic function", () => {
  it("takes the C type with each number", () => {
    expect(
      format("%d %u %ld %llu", ["int", -1], ["unsigned int", 7], ["long", -5n], ["uint64", 9n]),
    ).toBe("-1 7 -5 9");
    expect(format("%.2f %.3f", ["double", 1.5], ["float", 0.125])).toBe("1.50 0.125");
    expect(format("%zu %c", ["size_t", 12], ["char", 65])).toBe("12 A");
  });

  // On AArch64 Linux it has 128 bits, which nothing here computes with.
  it.skipIf(process.arch === "arm64" && process.platform === "linux")("takes long double", () => {
    expect(format("%Lg", ["long double", 2.5])).toBe("2.5");
  });

  it("needs no type for strings, bigints, booleans, memory and null", () => {
    expect(format("%s %lld %llu %d", "Grüße", -5n, 2n ** 64n - 1n, true)).toBe(
      "Grüße -5 18446744073709551615 1",
    );
    expect(format("%s", Buffer.from("bytes\0"))).toBe("bytes");
    expect(format("%p", null)).toMatch(/^(\(nil\)|0+)$/);
  });

  it("promotes narrow types as C does", () => {
    expect(format("%d %d %d", ["int8", -1], ["uint16", 65535], ["bool", true])).toBe("-1 65535 1");
  });

  it("goes beyond the registers", () => {
    const integers = Array.from({ length: 20 }, (_, index) => ["int", index]);
    expect(format("%d ".repeat(20).trim(), ...integers)).toBe(
      Array.from({ length: 20 }, (_, index) => index).join(" "),
    );
    const doubles = Array.from({ length: 30 }, (_, index) => ["double", index + 0.5]);
    expect(c.sumAll(30, ...doubles)).toBe(450);
    const mixed = [["int", 1], ["double", 2.5], "three", ["double", 4.5], ["int", 5]];
    expect(format("%d %.1f %s %.1f %d", ...mixed)).toBe("1 2.5 three 4.5 5");
  });

  it("may be called with other types each time, and with none", () => {
    expect(format("none")).toBe("none");
    for (let round = 0; round < 3; round++) {
      expect(format("%d", ["int", round])).toBe(`${round}`);
      expect(format("%s", `text ${round}`)).toBe(`text ${round}`);
      expect(format("%.1f", ["double", round + 0.5])).toBe(`${round}.5`);
    }
  });

  it("takes types that constructors made", () => {
    const Level = enumeration({ LOW: 1, HIGH: 7 });
    expect(format("%d", [Level, "HIGH"])).toBe("7");
    const Nothing = struct({ x: "double", y: "double" });
    expect(() => format("%d", [Nothing, 5])).toThrowError(
      /argument 4 must be an object with the fields x, y/,
    );
  });

  it("refuses a number without its type and values that their type does not take", () => {
    for (const value of [5, 1.5, undefined, Symbol("x"), () => 1]) {
      expect(() => format("%d", value)).toThrowError(
        /argument 4 must say its C type, as \["int", 5\] or \["double", 0\.5\]/,
      );
    }
    expect(() => format("%d", ["int", 2.5])).toThrowError(/argument 4 must be an integer/);
    expect(() => format("%d", ["nonsense", 1])).toThrowError(/argument 4 .*"nonsense"/);
    expect(() => format("%s", "a\0b")).toThrowError(/argument 4 must be a string without a NUL/);
    expect(() => snprintf(Buffer.alloc(1))).toThrowError(/expected .*3 arguments?, got 1/);
  });

  it("has its types in a signature object, too", () => {
    const declared = new DynamicLibrary(callsLibrary).getFunction("sum_all", {
      arguments: ["int32"],
      variadic: ["double", "double"],
      return: "double",
    });
    expect(declared(2, 1.5, 2)).toBe(3.5);
    expect(declared.map([2, Float64Array.of(1, 2), 10])).toEqual(Float64Array.of(11, 12));
  });

  it("is asynchronous as others are", async () => {
    expect(await c.sumAll.async(2, ["double", 1], ["double", 2.5])).toBe(3.5);
    const signal = AbortSignal.abort(new Error("no"));
    await expect(c.sumAll.async.abortable(signal, 0)).rejects.toThrowError("no");
  });
});
