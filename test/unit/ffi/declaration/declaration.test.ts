import { describe, expect, it } from "vitest";
import { cdef } from "../../../../src/ffi/declaration/cdef.js";
import { parseDeclaration, parseType } from "../../../../src/ffi/declaration/declaration.js";
import type { CType } from "../../../../src/ffi/types/ctype.js";

/** A type in one line: scalars by value type, `in int32 *` for pointers. */
function describeType(type: CType): string {
  switch (type.kind) {
    case "scalar":
      return type.value;
    case "pointer":
      return `${type.direction} ${describeType(type.target())} *`;
    case "array":
      return `${describeType(type.element)}[${type.length ?? ""}]`;
    case "function": {
      const parameters = type.parameters.map((parameter) => describeType(parameter.type));
      if (type.isVariadic) parameters.push("...");
      return `${describeType(type.result)} (*)(${parameters.join(", ")})`;
    }
    default:
      return type.name;
  }
}

function describeParameters(text: string, types?: Parameters<typeof parseDeclaration>[1]) {
  return parseDeclaration(text, types).parameters.map(({ name, type }) => {
    return `${name ?? ""} ${describeType(type)}`;
  });
}

describe("parseDeclaration", () => {
  it.each([
    ["double cos(double x)", "float64", ["x float64"]],
    ["double cos(double)", "float64", [" float64"]],
    ["  int  f ( void ) ; ", "int32", []],
    ["int f()", "int32", []],
    ["unsigned long long f(unsigned long n, long)", "uint64", ["n ulong", " long"]],
    ["long unsigned f(int unsigned long, long long unsigned int)", "ulong", [" ulong", " uint64"]],
    ["size_t strlen(const char *s)", "size", ["s text"]],
    ["char const *f(char const*)", "nullableText", [" text"]],
    ["const char *f(const char *_Nullable name)", "nullableText", ["name nullableText"]],
    [
      "void *memcpy(void *restrict d, const void *s, size_t n)",
      "pointer",
      ["d pointer", "s pointer", "n size"],
    ],
    ["extern char *f(char *buffer, FILE *file)", "pointer", ["buffer pointer", "file pointer"]],
    ["void f(char **argv)", "void", ["argv inout pointer *"]],
    ["int open(const char *, sqlite3 **db)", "int32", [" text", "db inout pointer *"]],
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
    ["int f(/* one */ int a, // two\n int b)", "int32", ["a int32", "b int32"]],
    ["static inline int (f)(int (x))", "int32", ["x int32"]],
    ["double sum(const double *x, int *n)", "float64", ["x in float64 *", "n inout int32 *"]],
    ["void f(int a[4], double m[][3])", "void", ["a inout int32 *", "m inout float64[3] *"]],
    [
      "void f(int (*a)[3], int (b)[3], int *(c[3]), int (*d[2])[3])",
      "void",
      [
        "a inout int32[3] *",
        "b inout int32 *",
        "c inout inout int32 * *",
        "d inout inout int32[3] * *",
      ],
    ],
    [
      "void f(int n, int (*a)[n], int (*b)[*], int (*c)[sizeof(int)])",
      "void",
      ["n int32", "a inout int32 *", "b inout int32 *", "c inout int32[4] *"],
    ],
    [
      "void f(int n, int a[n][n], double b[2][n + 1][3], int c[n][4], int *d[n][n])",
      "void",
      [
        "n int32",
        "a inout int32 *",
        "b inout float64[3] *",
        "c inout int32[4] *",
        "d inout inout int32 * *",
      ],
    ],
    [
      "void f(int n, int a[static n], const char s[])",
      "void",
      ["n int32", "a inout int32 *", "s text"],
    ],
    ["void f(const char16_t *a, const char32_t *b)", "void", ["a text16", "b text32"]],
    [
      "void qsort(void *b, size_t n, size_t s, int (*cmp)(const void *, const void *))",
      "void",
      ["b pointer", "n size", "s size", "cmp int32 (*)(pointer, pointer)"],
    ],
    ["void each(void visit(const char *name))", "void", ["visit void (*)(nullableText)"]],
    [
      "void (*signal(int sig, void (*func)(int)))(int)",
      "void (*)(int32)",
      ["sig int32", "func void (*)(int32)"],
    ],
    ["void log(void (*)(const char *, ...))", "void", [" void (*)(nullableText, ...)"]],
    ["void f(enum color { RED, BLUE } c)", "void", ["c enum color"]],
  ])("reads %s", (text, result, parameters) => {
    expect(describeType(parseDeclaration(text).result)).toBe(result);
    expect(describeParameters(text)).toEqual(parameters);
  });

  it("tells variadic functions, conventions and symbols", () => {
    const printf = parseDeclaration("int printf(const char *format, ...)");
    expect(printf).toMatchObject({ name: "printf", isVariadic: true, convention: undefined });
    expect(parseDeclaration("int __stdcall f(int)").convention).toBe("stdcall");
    expect(parseDeclaration("int f(int) __attribute__((__ms_abi__))").convention).toBe("win64");
    const labelled = parseDeclaration('int scanf(const char *, ...) __asm__("" "__isoc99_scanf")');
    expect(labelled).toMatchObject({ name: "scanf", symbol: "__isoc99_scanf" });
  });

  it("takes structs from cdef, and types by name", () => {
    const types = cdef("struct point { double x, y; }; typedef const char *label;");
    const text = "struct point middle(struct point a, const struct point *b, point *c, label l)";
    const point = types.types["struct point"] as CType;
    expect(() => parseDeclaration(text, types)).toThrow(
      /unknown type "point"; did you mean "struct/,
    );
    const declared = "struct point middle(struct point a, const struct point *b, label l)";
    expect(describeParameters(declared, types)).toEqual([
      "a struct point",
      "b in struct point *",
      "l text",
    ]);
    expect(parseDeclaration(declared, types).result).toBe(point);
    expect(describeParameters("void f(pt a, pt *b)", { pt: point })).toEqual([
      "a struct point",
      "b inout struct point *",
    ]);
    expect(describeParameters("void f(struct point a)", { point })).toEqual(["a struct point"]);
  });

  it.each([
    ["", "expected a function at column 1"],
    ["cos(double)", 'unknown type "cos" at column 1'],
    ["double cos", 'expected "(" and parameters at column 11'],
    ["double cos double", 'unexpected "double" after "cos"'],
    ["double cos(double", 'expected "," or ")" at column 18'],
    ["doble cos(double)", 'unknown type "doble"; did you mean "double"? at column 1'],
    ["double cos(dbl x)", 'unknown type "dbl" at column 12'],
    ["int f(int, )", "expected a parameter at column 12"],
    ["int f(int, void)", "a parameter cannot be void at column 12"],
    ["int f(int) {", 'no end for this "{" at column 12'],
    ["int f(int); int g(int)", "expected the end of the declaration at column 17"],
    ["int f(toString x)", 'unknown type "toString" at column 7'],
    ["int f(constructor x)", 'unknown type "constructor" at column 7'],
    ["int f(__proto__ x)", 'unknown type "__proto__" at column 7'],
    ["short long f(void)", '"short long" is no type of C at column 1'],
    ["unsigned float f(void)", '"unsigned float" is no type of C at column 1'],
    ["int f(typeof(1) x)", "typeof is not supported at column 7"],
    ["__int128 f(void)", "__int128 is not supported"],
    ["void f(_Float16 x)", "_Float16 is not supported"],
    ["double _Complex f(void)", "_Complex double is not supported"],
    ["int f(va_list a)", "va_list has no JavaScript value"],
    ["int f(struct stat s)", "struct stat has no definition at column 5"],
    ["int f(int)[3]", "a function cannot return an array"],
    ["int __fastcall f(int)", "the calling convention __fastcall is not supported at column 5"],
    ["SQLITE_API int f(int)", 'pass ignore: ["SQLITE_API"] at column 1'],
    ["int WINAPI f(int)", 'unexpected "f" after "WINAPI"; if it is a macro'],
    ['int f(int x, "a', "unterminated or empty string literal at column 14"],
  ])("refuses %j and says where", (text, message) => {
    expect(() => parseDeclaration(text)).toThrowError(
      expect.objectContaining({
        code: "ERR_INVALID_ARG_VALUE",
        message: expect.stringContaining(message),
      }),
    );
  });

  it("refuses types that are none", () => {
    expect(() => parseDeclaration("int f(x)", { x: "int" } as never)).toThrow(
      "types.x must be a type, got a string of 3 characters",
    );
    expect(() => parseDeclaration("int f(x)", 5 as never)).toThrow("types must be types by name");
  });
});

describe("parseType", () => {
  it.each([
    ["int (*)(const char *)", undefined, "int32 (*)(nullableText)"],
    ["unsigned char[16]", undefined, "uint8[16]"],
    ["int m[2][3]", "m", "int32[3][2]"],
    ["extern const char *names[2];", "names", "nullableText[2]"],
    ["void *", undefined, "pointer"],
    ["struct point *p", "p", "pointer"],
  ])("reads %s", (text, name, type) => {
    const found = parseType(text);
    expect([found.name, describeType(found.type)]).toEqual([name, type]);
  });

  it("refuses what follows the type", () => {
    expect(() => parseType("int a, b")).toThrow("expected the end of the type at column 6");
  });
});
