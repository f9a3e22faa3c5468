import { afterAll, describe, expect, it } from "vitest";
import { DynamicLibrary } from "../../../src/ffi/index.js";
import { cLibrary, fixtureLibrary } from "../../support/compile.js";

const lib = new DynamicLibrary(fixtureLibrary);
afterAll(() => lib.close());

interface Case {
  readonly declaration: string;
  readonly accepted: readonly unknown[];
  readonly refused: readonly unknown[];
  /** What a refused value's message says it should have been. */
  readonly expected: string;
  /** What comes back for an accepted value; itself by default. */
  readonly result?: (value: never) => unknown;
}

const everyWrongType = [undefined, null, "1", {}, [], () => 1, Symbol("x")];
const toBigInt = (value: bigint | number) => BigInt(value);

const cases: readonly Case[] = [
  {
    declaration: "int8_t echo_int8(int8_t x)",
    accepted: [-128, -1, 0, 127],
    refused: [-129, 128, 2.5, Number.NaN, Number.POSITIVE_INFINITY, 1n, true, ...everyWrongType],
    expected: "an integer from -128 to 127",
  },
  {
    declaration: "uint8_t echo_uint8(uint8_t x)",
    accepted: [0, 44, 255],
    refused: [-1, 256, 300, 0.1, Number.NaN, 1n, false, ...everyWrongType],
    expected: "an integer from 0 to 255",
  },
  {
    declaration: "int16_t echo_int16(int16_t x)",
    accepted: [-32768, 0, 32767],
    refused: [-32769, 32768, 1.5, Number.NaN, ...everyWrongType],
    expected: "an integer from -32768 to 32767",
  },
  {
    declaration: "uint16_t echo_uint16(uint16_t x)",
    accepted: [0, 65535],
    refused: [-1, 65536, Number.NEGATIVE_INFINITY, ...everyWrongType],
    expected: "an integer from 0 to 65535",
  },
  {
    declaration: "int32_t echo_int32(int32_t x)",
    accepted: [-(2 ** 31), -1, 0, 2 ** 31 - 1],
    refused: [-(2 ** 31) - 1, 2 ** 31, 2.5, Number.NaN, 1n, true, ...everyWrongType],
    expected: "an integer from -2147483648 to 2147483647",
  },
  {
    declaration: "uint32_t echo_uint32(uint32_t x)",
    accepted: [0, 2 ** 31, 2 ** 32 - 1],
    refused: [-1, 2 ** 32, 0.5, Number.NaN, ...everyWrongType],
    expected: "an integer from 0 to 4294967295",
  },
  {
    declaration: "int64_t echo_int64(int64_t x)",
    accepted: [-(2n ** 63n), -1n, 0n, 2n ** 63n - 1n, -5, Number.MAX_SAFE_INTEGER, -(2 ** 40)],
    refused: [2n ** 63n, -(2n ** 63n) - 1n, 1.5, 2 ** 53, Number.NaN, true, ...everyWrongType],
    expected: "an integer from -9223372036854775808 to 9223372036854775807",
    result: toBigInt,
  },
  {
    declaration: "uint64_t echo_uint64(uint64_t x)",
    accepted: [0n, 2n ** 64n - 1n, 5, Number.MAX_SAFE_INTEGER],
    refused: [-1n, 2n ** 64n, -1, 1.5, 2 ** 53, ...everyWrongType],
    expected: "an integer from 0 to 18446744073709551615",
    result: toBigInt,
  },
  {
    declaration: "size_t echo_size(size_t x)",
    accepted: [0, 1, Number.MAX_SAFE_INTEGER],
    refused: [-1, 0.5, 2 ** 53, 1n, Number.NaN, ...everyWrongType],
    expected: "an integer from 0 to 9007199254740991",
  },
  {
    declaration: "float echo_float32(float x)",
    accepted: [0, -0, 0.5, Number.NaN, Number.POSITIVE_INFINITY],
    refused: [1n, true, ...everyWrongType],
    expected: "a number",
  },
  {
    declaration: "double echo_float64(double x)",
    accepted: [0, -0, 0.1, -1e308, Number.NaN, Number.NEGATIVE_INFINITY],
    refused: [1n, true, ...everyWrongType],
    expected: "a number",
  },
  {
    declaration: "bool echo_bool(bool x)",
    accepted: [true, false],
    refused: [0, 1, 1n, ...everyWrongType],
    expected: "true or false",
  },
  {
    declaration: "const char *echo_string(const char *x)",
    accepted: ["", "a", "Grüße, 世界 🌍", "x".repeat(47), "x".repeat(48), "x".repeat(200_000)],
    refused: [undefined, null, 1, {}, Buffer.from("x")],
    expected: "a string",
  },
  {
    declaration: "void *echo_pointer(void *x)",
    accepted: [0n, 1n, 2n ** 64n - 1n],
    refused: [1, true, {}, [], -1n, 2n ** 64n, () => 1],
    expected: "an address",
  },
];

describe.each(cases)("$declaration", ({ declaration, accepted, refused, expected, result }) => {
  const echo = lib.getFunction(declaration);

  it("gives accepted values back unchanged", () => {
    for (const value of accepted) {
      const wanted = result === undefined ? value : result(value as never);
      expect(echo(value as never)).toBe(wanted);
    }
  });

  it("refuses everything else and says what it takes", () => {
    for (const value of refused) {
      expect(() => echo(value as never), typeof value).toThrowError(
        expect.objectContaining({
          code: "ERR_INVALID_ARG_VALUE",
          message: expect.stringContaining(`argument 1 (x) must be ${expected}`),
        }),
      );
    }
  });

  it("refuses a missing and a surplus argument", () => {
    const call = echo as (...args: unknown[]) => unknown;
    expect(() => call()).toThrowError("expected 1 argument, got 0");
    expect(() => call(accepted[0], accepted[0])).toThrowError("expected 1 argument, got 2");
  });
});

describe("text", () => {
  const echo = lib.getFunction("const char *echo_string(const char *x)");
  const length = new DynamicLibrary(cLibrary).getFunction("size_t strlen(const char *s)");

  it("refuses a NUL character wherever it stands", () => {
    for (const text of ["\0", "a\0b", `${"x".repeat(100)}\0`, `${"é".repeat(100_000)}\0`]) {
      expect(() => echo(text)).toThrowError("a string without a NUL character");
    }
  });

  it("is UTF-8 in C", () => {
    expect(length("é")).toBe(2);
    expect(length("🌍")).toBe(4);
    expect(length("世".repeat(50_000))).toBe(150_000);
  });

  it("replaces a lone surrogate by U+FFFD, as every UTF-8 encoder of the web does", () => {
    expect(echo("a\ud800b")).toBe("a\ufffdb");
  });

  it("shows nothing of a refused string in the message", () => {
    expect(() => echo("secret\0key")).toThrowError(/^(?!.*secret)/);
  });

  it("takes and gives null only where the prototype says _Nullable", () => {
    const nullable = lib.getSymbol("echo_pointer");
    expect(nullable).toBeTypeOf("bigint");
    const other = new DynamicLibrary(fixtureLibrary);
    const echoNullable = other.getFunction("const char *echo_string(const char *_Nullable x)");
    expect(echoNullable(null)).toBeNull();
    expect(echoNullable("x")).toBe("x");
    other.close();
  });
});

describe("node:ffi's bool", () => {
  const other = new DynamicLibrary(fixtureLibrary);
  const echo = other.getFunction("echo_bool", { arguments: ["bool"], return: "bool" });

  it("is an unsigned byte that also takes true and false", () => {
    expect([echo(0), echo(1), echo(true), echo(false)]).toEqual([0, 1, 1, 0]);
    expect(() => echo(256)).toThrowError("true, false, or an integer from 0 to 255");
  });
});

it("reads a bool result from its low byte alone", () => {
  const dirty = new DynamicLibrary(fixtureLibrary).getFunction("bool dirty_upper_bits(void)");
  expect(dirty()).toBe(true);
});

it("refuses a size_t result that a number cannot hold", () => {
  const echo = new DynamicLibrary(fixtureLibrary).getFunction("size_t echo_int64(int64_t x)");
  expect(() => echo(-1n)).toThrowError("18446744073709551615n");
});
