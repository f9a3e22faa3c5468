import { describe, expect, it } from "vitest";
import { cdef } from "../../../../src/ffi/declaration/cdef.js";
import { parseDeclaration } from "../../../../src/ffi/declaration/declaration.js";

describe("a name that a source declares again", () => {
  it.each([
    "int f(int); int f(int);",
    "int f(int count); extern int f(int n);",
    "int f(const int n); int f(int);",
    "const int f(void); int f(void);",
    "int f(int list[4]); int f(int *list); int f(int list[]); int f(int *restrict const list);",
    "int f(int (*compare)(int)); int f(int compare(int));",
    "int f(); int f(int); int f(); int f(int);",
    "typedef unsigned long size_t; void *f(size_t n); void *f(unsigned long n);",
    "typedef struct s t; struct s { int a; }; int f(t *p); int f(struct s *p); typedef struct s t;",
    "typedef struct { int a; } t; typedef struct { int a; } t; int f(t); int f(t);",
    "enum e { A }; int f(enum e); int f(unsigned);",
    "enum { A = 1 }; enum { A = 1 }; int f(void);",
    "typedef int t __attribute__((aligned(8))); typedef int t __attribute__((aligned(8))); t f(t);",
    "typedef struct s { int a; } t __attribute__((aligned(8))); int f(t *); int f(struct s *);",
    "extern int f; int f = 3; extern int f;",
    "static int f(int a) { return a; } static double f(double a) { return a; } int f(char);",
    "int f(_Complex double *); int f(_Complex double *);",
    "int f(va_list); int f(__builtin_va_list);",
    "typedef int number(int); number f; int f(int);",
    "int (*f(int))(char); int (*f(int n))(char c);",
    "int f(int n, ...); int f(int, ...);",
    "struct s; struct s; int f(struct s *); struct s { int a; };",
    "int f; struct f { int a; };",
    "#define f(type) { type state; }\nstruct a f(struct b);\nstruct b f(struct c);",
    "int f(va_list); int f(__gnuc_va_list);",
  ])("is taken for the same in %s", (source) => {
    const { functions, variables } = cdef(source);
    expect(functions.f ?? variables.f ?? cdef(source).unsupported.f).toBeDefined();
  });

  it.each([
    ["int f(int);\nint f(double);", "2:5: f, declared at 1:5, is declared otherwise"],
    ["int f(int);\nlong long f(int);", "2:11: f, declared at 1:5"],
    ["int f(int);\nint f(int, int);", "2:5: f, declared at 1:5"],
    ["int f(int);\nint f(void);", "2:5: f, declared at 1:5"],
    ["int f(int);\nint f(int, ...);", "2:5: f, declared at 1:5"],
    ["int f(char *);\nint f(const char *);", "2:5: f, declared at 1:5"],
    ["int f(char *);\nint f(signed char *);", "2:5: f, declared at 1:5"],
    ["int f(int *);\nint f(void *);", "2:5: f, declared at 1:5"],
    ["int f(int (*)(int));\nint f(int (*)(int, int));", "2:5: f, declared at 1:5"],
    ["struct a; struct b; int f(struct a *);\nint f(struct b *);", "2:5: f, declared at 1:25"],
    ["int f(enum e *); enum d { A };\nint f(enum d *);", "2:5: f, declared at 1:5"],
    ["int f(void);\nint f;", "2:5: f, declared at 1:5"],
    ["int f(void);\ntypedef int f;", "2:13: f, declared at 1:5"],
    ["int f(void);\nenum { f };", "2:8: f, declared at 1:5"],
    ["enum { A };\nenum { A = 2 };", "2:8: A, declared at 1:8"],
    ["extern int f;\nextern unsigned f;", "2:17: f, declared at 1:12"],
    ["extern int f[2];\nextern int f[3];", "2:12: f, declared at 1:12"],
    ["typedef int t;\ntypedef unsigned t;", "2:18: t, declared at 1:13"],
    [
      "typedef unsigned long size_t;\ntypedef unsigned short size_t;",
      "2:24: size_t, declared at 1:23",
    ],
    [
      "typedef struct { int a; } t;\ntypedef struct { int b; } t;",
      "2:27: t, declared at 1:27, is declared otherwise",
    ],
    ["struct s;\nstruct s { int a; };\nstruct s { int a; };", "3:1: struct s, defined at 2:1"],
    ["enum e { A };\nenum e { B };", "2:1: enum e, defined at 1:1, is defined again"],
    ["struct s { int a; };\nunion s;", "2:1: struct s, declared at 1:1, is declared as union"],
    ["struct s *p;\nenum s { A };", "2:1: struct s, declared at 1:1, is declared as enum"],
    ["#ifdef A\nint f(int);\nint f(char);\n#endif", "3:5: f, declared at 2:5"],
  ])("is refused for something else in %j", (source, message) => {
    expect(() => cdef(source)).toThrow(message);
  });

  it("is refused on one line, too", () => {
    expect(() => cdef("int f(int); int f(char);")).toThrow(
      'C declaration "int f(int); int f(char);": f, declared at 1:5, is declared otherwise at column 17',
    );
  });

  it("has all that its declarations say together", () => {
    const source = `int f(int count, double); int f();
      extern int list[4]; extern int list[];
      int g(int) __asm__("real_g"); int g(int);`;
    const { functions, variables } = cdef(source);
    expect(functions.f?.parameters.map(({ type }) => type.size)).toEqual([4, 8]);
    expect(variables.list).toMatchObject({ length: 4 });
    expect(functions.g?.symbol).toBe("real_g");
  });

  it("is what the last says where a compiler sees one of them only", () => {
    const source = "#ifdef A\nint f(int);\n#else\nint f(double, double);\n#endif\n";
    expect(cdef(source).functions.f?.parameters).toHaveLength(2);
    expect(cdef(`int f(int);\n${source}`).functions.f?.parameters).toHaveLength(2);
    const types =
      "#if A\ntypedef int t;\nenum { B };\n#elif B\ntypedef char t;\nenum { B = 2 };\n#endif";
    expect(cdef(`${types}\nt f(void);`).constants.B).toBe(2);
  });

  it("hides that of an earlier reading", () => {
    const types = cdef("typedef int t; struct s { int a; }; enum { A }; int f(int);");
    const found = cdef("typedef double t; union s { t a; }; enum { A = 2 }; t f(t);", { types });
    expect(found.functions.f?.result).toMatchObject({ value: "float64" });
  });

  it("is refused in a prototype on its own, the same or not", () => {
    expect(() => parseDeclaration("int f(int); int f(int);")).toThrow("expected the end");
    expect(() => parseDeclaration("int f(int); int f(char);")).toThrow("f, declared at 1:5");
  });
});
