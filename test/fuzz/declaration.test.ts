import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ArgumentError } from "../../src/errors/index.js";
import { cdef } from "../../src/ffi/declaration/cdef.js";
import { parseDeclaration } from "../../src/ffi/declaration/declaration.js";
import { repositoryRoot } from "../support/compile.js";
import { seed } from "../support/random.js";

/** Everything the grammar knows, and things it does not. */
const WORDS = `
  int char long unsigned signed short double float void _Bool const volatile restrict static inline
  extern typedef struct union enum a b c x size_t wchar_t va_list __int128 _Complex __attribute__
  packed aligned ms_abi mode __declspec _Alignas _Static_assert sizeof __extension__ typeof asm
  __stdcall _Atomic _Nullable __proto__ constructor 0 1 2 3 0x10 077 1e5 0b1 1ull 99999999999999999999
  'a' '\\n' "text" ( ) [ ] { } ; , : = * & + - / % << >> < > == != && || ! ~ ? . ... [[ ]] ^ @ # \\
`
  .trim()
  .split(/\s+/);
const LINES = [
  "\n#define A 1\n",
  "\n#define B (A << 2)\n",
  "\n#define a\n",
  "\n#undef A\n",
  "\n#if 0\n",
  "\n#endif\n",
  "\n#pragma pack(push, 1)\n",
  "\n#pragma pack(pop)\n",
  "\n#pragma pack(7)\n",
  " // comment\n",
  " /* comment */ ",
  " /* open ",
  ' "open ',
];

/** Runs a reader; only a caller's mistake may come out of it. */
function requireArgumentError(read: () => unknown): void {
  try {
    read();
  } catch (error) {
    expect(error).toBeInstanceOf(ArgumentError);
    expect((error as Error).message).toMatch(/^C declaration/);
  }
}

describe(`hostile declarations (NEARFAR_SEED=${seed})`, () => {
  const tokens = fc
    .array(
      fc.oneof({ weight: 12, arbitrary: fc.constantFrom(...WORDS) }, fc.constantFrom(...LINES)),
      {
        maxLength: 40,
      },
    )
    .map((list) => list.join(" "));

  it("gives nothing but argument errors for streams of tokens", () => {
    fc.assert(
      fc.property(tokens, (source) => {
        requireArgumentError(() => cdef(source));
        requireArgumentError(() => parseDeclaration(source));
      }),
      { numRuns: 5000, seed },
    );
  });

  it("gives nothing but argument errors for any text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 60 }), (source) => {
        requireArgumentError(() => cdef(`int f(${source}`));
        requireArgumentError(() => parseDeclaration(source));
      }),
      { numRuns: 3000, seed },
    );
  });

  it("gives nothing but argument errors for real declarations with pieces lost or doubled", () => {
    const source = `typedef struct s { int a : 3, *b[2]; union { char c; long d; }; } __attribute__((
      packed)) s_t; enum e { A = 1 << 2, B = sizeof(s_t) }; void (*f(int (*g)(const s_t *), ...))(void);
      #define C ((A + 2) * 3)
      extern const char *const names[C]; static inline int h(void) { return 1; }`;
    const pieces = source.match(/\w+|\s+|[^\w\s]/g) ?? [];
    const edits = fc.array(fc.tuple(fc.nat(pieces.length - 1), fc.boolean()), { maxLength: 4 });
    expect(Object.keys(cdef(source).types)).toContain("s_t");
    fc.assert(
      fc.property(edits, (changes) => {
        const edited = [...pieces];
        for (const [at, isLost] of changes)
          edited[at] = isLost ? "" : `${edited[at]} ${edited[at]}`;
        requireArgumentError(() => cdef(edited.join("")));
      }),
      { numRuns: 3000, seed },
    );
  });

  it.each([
    ["parentheses", `int ${"(".repeat(100_000)}`],
    ["parentheses in an expression", `int a[${"(".repeat(100_000)}`],
    ["signs", `int a[${"- ".repeat(100_000)}`],
    ["conditions", `int a[${"1?".repeat(100_000)}`],
    ["structs", "struct { ".repeat(100_000)],
    ["parameters", "int f(int (".repeat(50_000)],
    ["pointers", `int ${"*".repeat(100_000)} a;`],
    ["bounds", `int a${"[1]".repeat(100_000)};`],
    ["alignments", "_Alignas(sizeof(struct {".repeat(50_000)],
  ])("refuses too many nested %s", (_what, source) => {
    expect(() => cdef(source)).toThrow(/nested deeper than 64 levels|more than 64/);
  });

  it.each([
    ["comments", "/*/".repeat(300_000)],
    ["quotes", `${'"a" '.repeat(200_000)}`],
    ["macros that use each other", macroChain(5_000)],
    ["conditions that never end", "#if 0\n".repeat(50_000)],
    ["unknown words", "a".repeat(1_000_000)],
    ["errors far into a source", `${"int a;\n".repeat(100_000)} wrong b;`],
    ["functions that cannot be called", "__int128 f(void);\n".repeat(50_000)],
    ["qualifiers", `${"const ".repeat(200_000)} int a`],
  ])("reads many %s in time linear in their number", (_what, source) => {
    requireArgumentError(() => cdef(source));
  });

  it("refuses a source beyond the limit", () => {
    expect(() => cdef(" ".repeat(2 ** 24 + 1))).toThrow("at most 16777216 characters");
  });
});

/** Each macro is the sum of the two before it: 2^n evaluations if none was remembered. */
function macroChain(length: number): string {
  const lines = ["#define M0 1", "#define M1 1"];
  for (let i = 2; i < length; i++) lines.push(`#define M${i} (M${i - 1} ^ M${i - 2})`);
  return lines.join("\n");
}

describe(`declarations that a compiler accepts (NEARFAR_SEED=${seed})`, () => {
  const specifiers = fc.constantFrom(
    ..."int|unsigned char|long unsigned int|short const|const volatile double|float|_Bool".split(
      "|",
    ),
    ..."long long signed|struct pair|const union both|enum kind|alias|char".split("|"),
  );
  /** A declarator around a name, built from the inside out, and whether it is an array. */
  const declarators = fc
    .array(
      fc.oneof(fc.constantFrom("*", "*const ", "(int, char *)"), fc.integer({ min: 1, max: 5 })),
      {
        maxLength: 6,
      },
    )
    .map((parts) => (name: string) => {
      let text = name;
      let last: "pointer" | "array" | "function" | "none" = "none";
      for (const part of parts) {
        if (typeof part === "number") {
          if (last === "function") continue;
          text = `${last === "pointer" ? `(${text})` : text}[${part}]`;
          last = "array";
        } else if (part.startsWith("*")) {
          text = `${part}${text}`;
          last = "pointer";
        } else if (last === "pointer") {
          text = `(${text})${part}`;
          last = "function";
        }
      }
      return text;
    });
  const prelude = `
    struct pair { char a; double b; };
    union both { int i; char text[7]; };
    enum kind { ONE = 1, MANY = 1 << 20 };
    typedef short alias[3];
    int printf(const char *, ...);
  `;

  it("have the compiler's size", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(specifiers, declarators), { minLength: 200, maxLength: 200 }),
        (list) => {
          const names = list.map((_, index) => `v${index}`);
          const usable = list.flatMap(([specifier, declarator], index) => {
            // A function cannot return an array, which `alias` is.
            const text = declarator(names[index] ?? "");
            return specifier === "alias" && text.includes("(int")
              ? []
              : [[names[index], `${specifier} ${text}`]];
          });
          const source = `${prelude}\n${usable.map(([, text]) => `${text};`).join("\n")}`;
          const { variables } = cdef(source);
          const sizes = usable.map(([name = ""]) => variables[name]?.size);
          expect(sizes).toEqual(
            compiledSizes(
              source,
              usable.map(([name = ""]) => name),
            ),
          );
        },
      ),
      { numRuns: 3, seed },
    );
  });
});

function compiledSizes(source: string, names: readonly string[]): number[] {
  const prints = names.map((name) => `printf("%zu\\n", sizeof(${name}));`).join("\n");
  const directory = join(repositoryRoot, "out", "declarations");
  mkdirSync(directory, { recursive: true });
  const file = join(directory, `sizes-${process.pid}`);
  writeFileSync(`${file}.c`, `${source}\nint main(void) {\n${prints}\nreturn 0;\n}\n`);
  execFileSync(process.env.CC ?? "cc", ["-w", "-o", file, `${file}.c`]);
  return execFileSync(file, { encoding: "utf8" }).trim().split("\n").map(Number);
}
