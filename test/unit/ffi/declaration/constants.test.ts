import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { cdef } from "../../../../src/ffi/declaration/cdef.js";
import { repositoryRoot } from "../../../support/compile.js";

const EXPRESSIONS = [
  "1 + 2 * 3 - 4",
  "(1 + 2) * -3",
  "7 / -2",
  "-7 % 3",
  "1 << 4 | 3 & ~1 ^ 8",
  "~0u >> 28",
  "-1 >> 1",
  "2147483647 + 0u + 1",
  "0xFFFFFFFF",
  "0xffffffff + 1",
  "4294967295 + 1",
  "-1 < 0u",
  "-1 < 0",
  "-1l < 0u",
  "1ull << 63",
  "18446744073709551615u",
  "0777 + 0b101 + 0x1F",
  "1 ? 2 : 3",
  "0 ? 1u : -1",
  "0 || 2 && !0",
  "3 > 2 == 1",
  "5 != 5 <= 1",
  "'a' + '\\n' - '\\x41' + '\\0' + '\\377'",
  "sizeof(int) * 2 + sizeof(void *[3])",
  "sizeof(struct s) + _Alignof(double)",
  "(char)200 + (unsigned char)300",
  "(short)70000",
  "(unsigned long)-1",
  "(long long)(int)0x80000000",
  "(_Bool)5 + (enum e)1",
  "A + B + MACRO",
  "L'x' + u'y'",
  "'\\200' < 0",
  "L'a' - L'b'",
  "u'a' - u'b'",
  "U'a' - U'b'",
  // What Microsoft's compilers have is a double; the one for Windows here is GCC.
  ...(process.platform === "win32" ? [] : ["sizeof(long double) * 100 + _Alignof(long double)"]),
  "+(1)-(-1)",
];

const PRELUDE = `
  struct s { char c; double d[2]; };
  enum e { A = 3, B };
  #define MACRO (A << 2)
`;

describe("integer constant expressions", () => {
  it("have the compiler's values", () => {
    const enumerators = EXPRESSIONS.map((text, index) => `#define E${index} (${text})`);
    const { constants } = cdef(`${PRELUDE}\n${enumerators.join("\n")}`);
    const found = EXPRESSIONS.map((text, index) => `${text} = ${constants[`E${index}`]}`);
    expect(found).toEqual(compiled(EXPRESSIONS));
  });

  it("are numbers where the type has 32 bits and bigints where it has 64", () => {
    const { constants } = cdef(`
      #define INT 5
      #define UNSIGNED 0xffffffff
      #define WIDE 5ll
      enum narrow { NARROW = 1 };
      enum wide { SMALL = 1, LARGE = 1ull << 40 };
    `);
    expect(constants).toEqual({
      INT: 5,
      UNSIGNED: 4294967295,
      WIDE: 5n,
      NARROW: 1,
      SMALL: 1n,
      LARGE: 1n << 40n,
    });
  });

  it("come from macros with comments, continuations and each other", () => {
    const { constants } = cdef(`
      #define LATER (BEFORE * 2) // defined below
      #define BEFORE /* first */ 21 /* spread
        over lines */ + \\
        1
      #  define  SPACED\t3
      #define TEXT "/* no comment"
      #define REAL 3.5
      #define FUNC 9
      #define FUNCTION(x) x
      #define FUNC_(x) x
      #define EMPTY
      #define SELF SELF
      #define ROUND TRIP
      #define TRIP ROUND
      #define REDEFINED 1
      #define REDEFINED 2
      #define GONE 1
      #undef GONE
      #define UNKNOWN (sizeof(struct none) + who)
      int EMPTY size[LATER];
    `);
    expect(constants).toEqual({ LATER: 44, BEFORE: 22, SPACED: 3, FUNC: 9, REDEFINED: 2 });
  });

  it.each([
    ["1 << 32", "shift beyond the type"],
    ["1 % 0", "division by zero"],
    ["18446744073709551616", "expected an integer constant"],
    ["089", "expected an integer constant"],
    ["1.5", "expected an integer constant"],
    ["(float)1", "a cast to a type without integers"],
    ["sizeof(struct none)", "a type without a size"],
    ["sizeof 1", 'expected "("'],
    ["''", "unterminated or empty character literal"],
    ["'\\x100'", "expected an integer constant"],
  ])("refuses %s", (text, message) => {
    expect(() => cdef(`int a[${text}];`)).toThrow(message);
  });
});

function compiled(expressions: readonly string[]): string[] {
  const prints = expressions.map((text) => {
    const label = JSON.stringify(text).replaceAll("%", "%%");
    // As unsigned or as signed, whatever the expression's type is.
    return `((__typeof__(${text}))-1 > 0) ? printf(${label} " = %llu\\n", (unsigned long long)(${text}))
      : printf(${label} " = %lld\\n", (long long)(${text}));`;
  });
  const directory = join(repositoryRoot, "out", "declarations");
  mkdirSync(directory, { recursive: true });
  const file = join(directory, `constants-${process.pid}`);
  const main = `int main(void) {\n${prints.join("\n")}\nreturn 0;\n}\n`;
  writeFileSync(`${file}.c`, `#include <stdio.h>\n${PRELUDE}\n${main}`);
  execFileSync(process.env.CC ?? "cc", ["-w", "-o", file, `${file}.c`]);
  return execFileSync(file, { encoding: "utf8" }).trim().split(/\r?\n/);
}
