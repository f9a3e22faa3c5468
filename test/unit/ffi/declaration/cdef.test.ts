import { describe, expect, it } from "vitest";
import { cdef } from "../../../../src/ffi/declaration/cdef.js";
import { isDeclarations } from "../../../../src/ffi/declaration/declarations.js";
import type { AggregateType, CType } from "../../../../src/ffi/types/ctype.js";
import { longIsWide } from "../../../../src/ffi/types/types.js";

function fieldsOf(type: CType | undefined): string[] {
  return (type as AggregateType).fields.map(({ name, offset, bits, type: { size } }) => {
    const place = bits === undefined ? "" : ` bits ${bits.start}+${bits.width}`;
    return `${name ?? "-"} ${offset} ${size}${place}`;
  });
}

describe("cdef", () => {
  it("gives types, functions, variables and constants", () => {
    const found = cdef(`
      #define LIMIT 4
      typedef struct point { double x, y; } point_t;
      enum color { RED, GREEN = 5, BLUE };
      extern int counter, table[LIMIT];
      double distance(const point_t *a, struct point b);
    `);
    expect(isDeclarations(found)).toBe(true);
    expect(isDeclarations({ ...found })).toBe(false);
    expect(Object.keys(found.types)).toEqual([
      "struct point",
      "enum color",
      "point",
      "color",
      "point_t",
    ]);
    expect(found.types.point_t).toBe(found.types["struct point"]);
    expect(found.variables).toMatchObject({ counter: { size: 4 }, table: { size: 16 } });
    expect(found.constants).toEqual({ LIMIT: 4, RED: 0, GREEN: 5, BLUE: 6 });
    expect(found.functions.distance?.parameters.map(({ type }) => type.kind)).toEqual([
      "pointer",
      "struct",
    ]);
    expect(Object.isFrozen(found.types)).toBe(true);
  });

  it("takes what Microsoft's extensions make of a named struct among the members", () => {
    const source = "struct inner { int x; }; struct outer { char tag; struct inner; };";
    expect(fieldsOf(cdef(source, { msExtensions: false }).types.outer)).toEqual(["tag 0 1"]);
    const { types } = cdef(source, { msExtensions: true });
    expect(fieldsOf(types.outer)).toEqual(["tag 0 1", "- 4 4"]);
    const incomplete = "struct outer { char tag;\n struct inner; };";
    expect(cdef(incomplete, { msExtensions: false }).types.outer).toMatchObject({ size: 1 });
    expect(() => cdef(incomplete, { msExtensions: true })).toThrow("2:2: struct inner");
  });

  it("lays out nested, anonymous, packed and aligned members", () => {
    const { types } = cdef(`
      struct outer {
        char tag;
        union { int i; float f; };
        struct inner { short a; struct { char b[3]; } deep; } in[2];
        struct outer *next, *const *all;
        int late[];
      };
      struct __attribute__((packed)) tight { char a; int b; short c __attribute__((aligned(2))); };
      struct wide { _Alignas(32) char a; char b; } __attribute__((aligned(64)));
      #pragma pack(push, 2)
      struct half { char a; double b; };
      #pragma pack(pop)
      struct plain { char a; double b; };
    `);
    expect(fieldsOf(types.outer)).toEqual([
      "tag 0 1",
      "- 4 4",
      "in 8 12",
      "next 24 8",
      "all 32 8",
      "late 40 0",
    ]);
    expect(types["struct inner"]).toMatchObject({ size: 6, alignment: 2 });
    expect(fieldsOf(types.tight)).toEqual(["a 0 1", "b 1 4", "c 6 2"]);
    expect(types.wide).toMatchObject({ size: 64, alignment: 64 });
    expect(types.half).toMatchObject({ size: 10, alignment: 2 });
    expect(types.plain).toMatchObject({ size: 16, alignment: 8 });
  });

  it("keeps a member's own alignment in a packed struct, and its size", () => {
    const { types } = cdef(`
      struct two { int x; short y; };
      struct __attribute__((packed)) kept {
        char a; int b __attribute__((aligned(8))); struct two c __attribute__((aligned(2))); char d;
        int e __attribute__((packed, aligned(2)));
      };
      struct low {
        char a; int b __attribute__((packed, aligned(2))), c __attribute__((aligned(2)));
        struct two d __attribute__((aligned(16))); char e;
      };
    `);
    expect(fieldsOf(types.kept)).toEqual(["a 0 1", "b 8 4", "c 12 8", "d 20 1", "e 22 4"]);
    expect(types.kept).toMatchObject({ size: 32, alignment: 8 });
    expect(fieldsOf(types.low)).toEqual(["a 0 1", "b 2 4", "c 8 4", "d 16 8", "e 24 1"]);
    expect(types.low).toMatchObject({ size: 32, alignment: 16 });
  });

  it("reads bit-fields, unnamed and of width zero too", () => {
    const { types } = cdef(`
      struct flags { unsigned a : 3, : 5, b : 1; int : 0; long long c : 40; _Bool d : 1; };
    `);
    // By Microsoft's compiler a bit-field whose type has another size opens a unit of its own.
    const [last, size] = process.platform === "win32" ? ["d 16", 24] : ["d 13", 16];
    expect(fieldsOf(types.flags)).toEqual([
      "a 0 4 bits 0+3",
      "b 0 4 bits 8+1",
      "c 8 8 bits 0+40",
      `${last} 1 bits 0+1`,
    ]);
    expect(types.flags).toMatchObject({ size, alignment: 8 });
  });

  it("resolves structs that are completed after they are pointed to", () => {
    const { types, functions } = cdef(`
      typedef struct node node;
      node *first(const node *);
      struct node { node *next; int value; };
      struct hidden *open(void);
    `);
    const node = types["struct node"] as AggregateType;
    const next = node.fields[0]?.type;
    expect(next?.kind === "pointer" && next.target()).toBe(node);
    const result = functions.first?.result;
    expect(result?.kind === "pointer" && result.target()).toBe(node);
    expect(functions.open?.result).toMatchObject({ kind: "scalar", value: "pointer" });
    expect(types["struct hidden"]?.kind).toBe("opaque");
  });

  it("builds on an earlier reading", () => {
    const base = cdef("typedef const char *name_t; struct point { int x; }; enum { SIZE = 3 };");
    const next = cdef("struct line { struct point ends[SIZE]; }; void draw(name_t);", {
      types: base,
    });
    expect(next.types.line).toMatchObject({ size: 12 });
    expect(next.functions.draw?.parameters[0]?.type).toMatchObject({ value: "text" });
    expect(Object.keys(next.types)).toEqual(["struct line", "line"]);
    expect(cdef("struct s { name_t n; };", { types: base.types }).types.s).toMatchObject({
      size: 8,
    });
  });

  it("keeps standard types what they are, whatever a header says", () => {
    const { functions, types } = cdef(`
      typedef ${longIsWide ? "long unsigned int" : "unsigned long long"} size_t;
      typedef int bool;
      size_t length(bool);
    `);
    expect(functions.length?.result).toMatchObject({ value: "size" });
    expect(functions.length?.parameters[0]?.type).toMatchObject({ value: "int32" });
    expect(Object.keys(types)).toEqual(["bool"]);
  });

  it("skips what only a compiler needs", () => {
    const { functions, variables, constants } = cdef(`
      #include <stdio.h>
      #ifdef __cplusplus
      extern "C" {
      namespace { class not_c; }
      #endif
      #if 0
      this is not C
      #endif
      extern "C" {
        _Static_assert(sizeof(int) == 4, "a \\"string\\"");
        static inline int twice(int x) { return x * 2; /* } */ }
        __attribute__((visibility("default"))) int own(int) __attribute__((nonnull(1), pure));
        [[nodiscard]] int newer(void);
        __declspec(dllexport) void exported(void);
        __extension__ typedef long long big;
      }
      static const int hidden = { 1, };
      int shown = sizeof(int), other[] = { 1, 2 };
      asm(".symver a, b");
      #define EXPORT __attribute__((visibility("default")))
      #define CALL(x) x
      EXPORT int marked(void);
      int body(void) { return 1; }
      #ifdef __cplusplus
      }
      #endif
    `);
    expect(Object.keys(functions)).toEqual(["own", "newer", "exported", "marked", "body"]);
    expect(Object.keys(variables)).toEqual(["shown", "other"]);
    expect(constants).toEqual({});
  });

  it("leaves out functions whose types cannot be passed, and says why", () => {
    const { functions, unsupported } = cdef(`
      int vprintf(const char *, va_list);
      __int128 wide(void);
      struct later take(struct later);
      struct never gone(void);
      struct later { int x; };
      struct odd { __int128 x; };
      void by_pointer(struct odd *, struct never *);
      void by_value(struct odd);
      typedef _Float128 several[3];
      extern several table;
      int v __attribute__((vector_size(16)));
    `);
    expect(Object.keys(functions)).toEqual(["take", "by_pointer"]);
    expect(unsupported).toEqual({
      vprintf: "va_list has no JavaScript value",
      wide: "__int128 is not supported",
      gone: "struct never has no definition",
      by_value: "struct odd is not supported: __int128 is not supported",
      table: "_Float128 is not supported",
      v: "vectors are not supported",
    });
  });

  it("ignores the words it is told to", () => {
    const source = "API int f(int); int CALL g(void);";
    const { functions } = cdef(source, { ignore: ["API", "CALL"] });
    expect(Object.keys(functions)).toEqual(["f", "g"]);
    expect(() => cdef(source, { ignore: ["API"] })).toThrow('pass ignore: ["CALL"]');
  });

  it("is not misled by names of object members", () => {
    const found = cdef(`
      struct __proto__ { int constructor; };
      typedef int toString, hasOwnProperty;
      int valueOf(toString);
      enum { __proto__ = 7, constructor };
    `);
    const name = "__proto__";
    expect(Object.hasOwn(found.types, name)).toBe(true);
    expect(found.types[name]).toBe(found.types["struct __proto__"]);
    expect(found.constants[name]).toBe(7);
    expect(({} as Record<string, unknown>).x).toBeUndefined();
    expect(Object.keys(found.functions)).toEqual(["valueOf"]);
  });

  it.each([
    [{ ignore: "API" }, /ignore must be an array of words/],
    [{ ignore: ["A B"] }, /ignore must be an array of words/],
    [{ pack: 3 }, /pack must be 1, 2, 4, 8 or 16, got 3/],
    [{ pack: 32 }, /pack must be an integer from 1 to 16, got 32/],
    [{ msExtensions: 1 }, /msExtensions must be .*got 1/],
    [{ packed: 1 }, /options of cdef has no option "packed"/],
    [{ types: "x" }, /types must be types by name or what cdef gave/],
  ])("refuses the options %j", (options, message) => {
    expect(() => cdef("int f(void);", options as never)).toThrow(message);
  });

  it("refuses a source that is no string", () => {
    expect(() => cdef(5 as never)).toThrow("source must be a string, got 5");
  });

  it.each([
    ["int a;\nfoo_t b;", '2:1: unknown type "foo_t"\n  foo_t b;\n  ^'],
    ["typedef int foo_t;\n  fooo_t b;", '2:3: unknown type "fooo_t"; did you mean "foo_t"?'],
    ["int x\nint y;", '2:1: unexpected "int" after "x"'],
    ["struct s { int a;\n", "2:1: expected a type"],
    ["\nstruct s { int a; int a; };", "2:1: struct s has two fields of the name a"],
    [
      "struct s { int a; };\nstruct s { int a; };",
      "2:1: struct s, defined at 1:1, is defined again",
    ],
    ["enum e { A,\n A };", "2:2: enumerator A is defined twice"],
    ["\nstruct s { struct t a; };", "2:21: struct t has no definition"],
    ["\nstruct s { void a; };", "2:17: a field needs a type with a size"],
    ["\nstruct s { float a : 3; };", "2:18: a bit-field must have an integer type, got float"],
    ["\nint a[-1];", "2:7: an array's length must be from 0 to 2147483648, got -1"],
    ["\nstruct s { int a : 3 __attribute__((packed)); };", "2:16: a bit-field cannot be packed"],
    [
      "\nstruct s { int a; } __attribute__((ms_struct));",
      "the attribute ms_struct is not supported",
    ],
    ["\nint a[1 << 30];", "2:6: the length of an array must be an integer from 0 to"],
    ["\nstruct t a[2];", "2:11: an array of a type without a size"],
    ["\nint a[1/0];", "2:8: division by zero"],
    ["\nint a[n];", "2:7: expected an integer constant"],
    ["\n/* never closed", "2:1: unterminated comment"],
    ["\n#if 0\nint a;", "2:1: no #endif for this line"],
    ["\n#pragma pack(push, 3)\nint a;", "2:8: expected #pragma pack(push, n)"],
    ['\nextern "C" { int f(void);', '2:26: expected "}"'],
    ["\nint f(void) { ((", '2:13: no end for this "{"'],
    ["\nint f(void) = 3", '2:16: expected ";"'],
    ["\n}", "2:1: expected a type"],
    ["\nint a __attribute__((aligned(3)));", "2:30: an alignment must be a power of two"],
    ["\nvoid WINAPI f(int);", 'pass ignore: ["WINAPI"]'],
  ])("says where %j goes wrong", (source, message) => {
    expect(() => cdef(source)).toThrow(message);
  });

  it("quotes no more of a long line than is needed", () => {
    const error = (() => {
      try {
        cdef(`\n${"int x; ".repeat(1000)} foo y;`);
      } catch (caught) {
        return caught as Error;
      }
      return new Error("nothing was thrown");
    })();
    const [first = "", line = "", caret = ""] = error.message.split("\n");
    expect(first).toBe('C declaration 2:7002: unknown type "foo"');
    expect(line.length).toBeLessThan(110);
    expect(line.slice(caret.indexOf("^"))).toBe("foo y;");
  });
});
