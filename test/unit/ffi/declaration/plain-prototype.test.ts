import { describe, expect, it } from "vitest";
import { parseDeclaration } from "../../../../src/ffi/declaration/declaration.js";
import { readPlainPrototype } from "../../../../src/ffi/declaration/plain-prototype.js";

describe("readPlainPrototype", () => {
  it.each([
    "double hypot(double x, double y)",
    "unsigned long long int f(void);",
    "\tsize_t\nstrlen ( const char *s ) ;",
    "const char *name(int)",
    "void *memcpy(void *to, const void *from, size_t bytes)",
    "char *f(char*buffer)",
    "int f()",
    "int size_t(int time_t)",
    "const int f(const double)",
  ])("reads %j as parseDeclaration does", (text) => {
    expect(readPlainPrototype(text)).toStrictEqual(parseDeclaration(text));
  });

  it("gives declarations that are frozen to their parameters", () => {
    const declaration = readPlainPrototype("int f(int a)");
    const parts = [declaration, declaration?.parameters, declaration?.parameters[0]];
    expect(parts.map(Object.isFrozen)).toEqual([true, true, true]);
  });

  it.each([
    "int f(int *x)",
    "int f(char **x)",
    "int f(const char16_t *x)",
    "int f(char const *x)",
    "int f(char *const x)",
    "int f(long double x)",
    "int f(struct point x)",
    "int f(FILE *x)",
    "int f(int x[2])",
    "int f(int x, ...)",
    "int f(void x)",
    "int f(void, int)",
    "int f(int /* one */)",
    "int f(int _x)",
    "int f(int) __attribute__((pure))",
    "extern int f(int)",
    "static int f(int)",
    "int (*f)(int)",
    "int f",
    "f(int)",
    "int f(nothing)",
    "int f(int int)",
    "int int(int)",
    "int f(int, )",
    `int f(${"int, ".repeat(200)}int)`,
    "",
  ])("leaves %j to the reader of C", (text) => {
    expect(readPlainPrototype(text)).toBeUndefined();
  });
});
