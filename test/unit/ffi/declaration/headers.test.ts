import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { cdef, type Declarations } from "../../../../src/ffi/declaration/cdef.js";
import type { AggregateType, CType } from "../../../../src/ffi/types/ctype.js";
import { repositoryRoot } from "../../../support/compile.js";
import { CURL, LIBXML, RAYLIB, SQLITE, ZLIB } from "./excerpts.js";

const compiler = process.env.CC ?? "cc";
const SYSTEM_HEADERS = [
  "stdlib.h string.h math.h time.h stdio.h stddef.h stdint.h sys/stat.h signal.h locale.h",
  process.platform === "win32"
    ? "winsock2.h ws2tcpip.h windows.h"
    : "dirent.h pthread.h sys/socket.h netinet/in.h netdb.h unistd.h termios.h sys/time.h",
]
  .join(" ")
  .split(" ");

/** MinGW's `long double` is Microsoft's, a `double`, where it is told so. */
const dialect = process.platform === "win32" ? ["-mlong-double-64"] : [];

/** MinGW's header defines `printf` itself, inline. */
const variadic = process.platform === "win32" ? "_scprintf" : "printf";

describe("cdef of the system's headers", () => {
  const includes = SYSTEM_HEADERS.map((header) => `#include <${header}>`).join("\n");
  const source = execFileSync(compiler, ["-E", ...dialect, "-P", "-x", "c", "-"], {
    input: includes,
    encoding: "utf8",
    maxBuffer: 1 << 26,
  });
  const found = cdef(source);

  it("reads every declaration of libc", () => {
    for (const name of [
      "qsort",
      "strtol",
      "memcpy",
      "cos",
      "strftime",
      "fopen",
      "stat",
      variadic,
    ]) {
      expect(found.functions[name]?.name).toBe(name);
    }
    expect(found.functions.qsort?.parameters[3]?.type.kind).toBe("function");
    expect(found.functions[variadic]?.isVariadic).toBe(true);
    expect(found.functions.bsearch?.result).toMatchObject({ value: "pointer" });
    expect(found.functions.localeconv?.result.kind).toBe("pointer");
    expect(found.functions.strlen?.result).toMatchObject({ value: "size" });
    const reasons = new Set(Object.values(found.unsupported).map((why) => why.split(" ")[0]));
    expect([...reasons].filter((word) => !NOT_PASSED.test(word ?? ""))).toEqual([]);
  });

  it("gives each struct and union the compiler's size, alignment and offsets", () => {
    expect(layoutsOf(found).length).toBeGreaterThan(50);
    expect(layoutsOf(found)).toEqual(compiledLayouts(source, found));
  });
});

/** Why functions of libc cannot be called: va_list, and wide or complex floating-point types. */
const NOT_PASSED = /^(va_list|__builtin_va_list|__gnuc_va_list|_Float\w+|_Complex|long)$/;

describe("cdef in the style of well-known headers", () => {
  it.each([
    [
      "sqlite3",
      SQLITE,
      ["struct sqlite3_file", "struct sqlite3_io_methods", "struct sqlite3_module"],
    ],
    ["zlib", ZLIB, ["struct z_stream_s", "struct gz_header_s"]],
    ["libxml2", LIBXML, ["struct _xmlNode", "struct _xmlError"]],
    ["curl", CURL, ["struct curl_slist", "struct curl_blob", "struct CURLMsg"]],
    ["raylib", RAYLIB, ["struct Vector3", "struct Color", "struct Camera3D", "struct Font"]],
  ])("lays out %s's types as the compiler does", (_name, source, expected) => {
    const found = cdef(source);
    const layouts = layoutsOf(found);
    expect(layouts).toEqual(compiledLayouts(source, found));
    for (const name of expected) {
      expect(layouts.some((line) => line.startsWith(`${name} size `))).toBe(true);
    }
    expect(found.unsupported).toEqual({});
  });

  it("reads what functions take", () => {
    const { functions } = cdef(SQLITE);
    const callback = functions.sqlite3_exec?.parameters[2]?.type;
    expect(callback?.kind === "function" && callback.parameters.length).toBe(4);
    expect(functions.sqlite3_open?.parameters.map(({ type }) => type.name)).toEqual([
      "const char *",
      "void * *",
    ]);
    expect(functions.sqlite3_column_double?.result).toMatchObject({ value: "float64" });
    expect(cdef(RAYLIB).functions.Vector3Add?.result.kind).toBe("struct");
  });
});

describe("members that only name a struct or union", () => {
  const source = `
    struct point { short x, y; };
    typedef struct { char red; double green; } color;
    typedef union value { char byte; long long word; } value;
    struct named { char first; struct point; const color; char last; };
    struct within { char first; struct deep { int depth; value; } __attribute__((aligned(32))); };
    union either { char whole; struct point; struct within; enum kind { ROUND, FLAT }; };
    #pragma pack(push, 1)
    struct tight { char first; value; struct { char one; struct point; }; short last; };
    #pragma pack(pop)`;

  it.each([
    ["as the compiler does unasked", undefined, []],
    ["by Microsoft's rule", true, ["-fms-extensions"]],
    ["by that of standard C", false, ["-fno-ms-extensions"]],
  ])("are laid out %s", (_rule, msExtensions, flags) => {
    const found = cdef(source, msExtensions === undefined ? {} : { msExtensions });
    expect(layoutsOf(found).length).toBeGreaterThan(20);
    expect(layoutsOf(found)).toEqual(compiledLayouts(source, found, flags));
  });
});

/** Layouts of all complete structs and unions that C has a name for, one line a fact. */
function layoutsOf(found: Declarations): string[] {
  return namedAggregates(found).flatMap(([name, type]) => [
    `${name} size ${type.size}`,
    `${name} alignment ${type.alignment}`,
    ...fieldNames(type).map(([field, offset]) => `${name} ${field} ${offset}`),
  ]);
}

function namedAggregates({ types }: Declarations): [string, AggregateType][] {
  const all = Object.entries(types).filter((entry): entry is [string, AggregateType] => {
    return entry[1].kind === "struct" || entry[1].kind === "union";
  });
  // `point` stands for `struct point` in what cdef gives, but not in C.
  return all.filter(([name, type]) => name.includes(" ") || isTypedef(types, name, type));
}

function isTypedef(types: Declarations["types"], name: string, type: CType): boolean {
  return types[`struct ${name}`] !== type && types[`union ${name}`] !== type;
}

function fieldNames(type: AggregateType, base = 0): [string, number][] {
  return type.fields.flatMap(({ name, offset, type: inner, bits }): [string, number][] => {
    if (bits !== undefined) return [];
    if (name !== undefined) return [[name, base + offset]];
    const isAggregate = inner.kind === "struct" || inner.kind === "union";
    return isAggregate ? fieldNames(inner, base + offset) : [];
  });
}

/** The same lines as `layoutsOf`, printed by a compiled program. */
function compiledLayouts(
  source: string,
  found: Declarations,
  flags: readonly string[] = [],
): string[] {
  const lines = namedAggregates(found).flatMap(([name, type]) => [
    `printf("${name} size %zu\\n", sizeof(${name}));`,
    `printf("${name} alignment %zu\\n", _Alignof(${name}));`,
    ...fieldNames(type).map(
      ([field]) => `printf("${name} ${field} %zu\\n", __builtin_offsetof(${name}, ${field}));`,
    ),
  ]);
  const printf = source.includes("stdio.h") ? "" : "int printf(const char *, ...);";
  const program = `${source}\n${printf}\nint main(void) {\n${lines.join("\n")}\nreturn 0;\n}\n`;
  const directory = join(repositoryRoot, "out", "declarations");
  mkdirSync(directory, { recursive: true });
  const file = join(directory, `layout-${process.pid}`);
  writeFileSync(`${file}.c`, program);
  execFileSync(compiler, ["-w", ...dialect, ...flags, "-o", file, `${file}.c`]);
  return execFileSync(file, { encoding: "utf8", maxBuffer: 1 << 26 })
    .trim()
    .split(/\r?\n/);
}
