import { describe, expect, it } from "vitest";
import { parseDeclaration } from "../../../src/ffi/index.js";

describe("parseDeclaration", () => {
  it.each([
    ["double cos(double x)", "float64", ["x float64"]],
    ["double cos(double)", "float64", [" float64"]],
    ["  int  f ( void ) ; ", "int32", []],
    ["int f()", "int32", []],
    ["unsigned long long f(unsigned long n, long)", "uint64", ["n ulong", " long"]],
    ["size_t strlen(const char *s)", "size", ["s text"]],
    ["char const *f(char const*)", "text", [" text"]],
    ["const char *f(const char *_Nullable name)", "text", ["name nullableText"]],
    [
      "void *memcpy(void *restrict d, const void *s, size_t n)",
      "pointer",
      ["d pointer", "s pointer", "n size"],
    ],
    ["extern void f(char **argv, char *buffer)", "void", ["argv pointer", "buffer pointer"]],
    ["const int f(const unsigned char c, signed char)", "int32", ["c uint8", " int8"]],
    [
      "uint8_t f(int8_t a, int16_t b, uint16_t c, uint32_t d, int64_t e, uint64_t g)",
      "uint8",
      ["a int8", "b int16", "c uint16", "d uint32", "e int64", "g uint64"],
    ],
    [
      "_Bool f(bool b, char c, float x, unsigned u, short s)",
      "bool",
      ["b bool", "c char", "x float32", "u uint32", "s int16"],
    ],
    ["int f(\n  int a,\n\tint b\n)", "int32", ["a int32", "b int32"]],
  ])("reads %s", (text, result, parameters) => {
    const declaration = parseDeclaration(text);
    expect(declaration.result).toBe(result);
    const found = declaration.parameters.map(({ name, type }) => `${name ?? ""} ${type}`);
    expect(found).toEqual(parameters);
  });

  it.each([
    ["", 'expected "(" at column 1'],
    ["cos(double)", "expected a result type and a function name at column 1"],
    ["double cos double", 'expected "(" at column 18'],
    ["double cos(double", 'expected "," or ")" at column 18'],
    ["doble cos(double)", 'unknown C type "doble" at column 1'],
    ["double cos(dbl x)", 'unknown C type "dbl" at column 12'],
    ["int f(int, )", "expected a parameter at column 12"],
    ["int f(int, void)", "a parameter cannot be void at column 12"],
    ["int f(int a[3])", 'unexpected "[" at column 12'],
    ["int f(int) {", "expected the end of the declaration at column 12"],
    ["int f(...)", 'unexpected "." at column 7'],
    ["int f(toString x)", 'unknown C type "toString" at column 7'],
  ])("refuses %j and says where", (text, message) => {
    expect(() => parseDeclaration(text)).toThrowError(
      expect.objectContaining({
        code: "ERR_INVALID_ARG_VALUE",
        message: expect.stringContaining(message),
      }),
    );
  });
});
