import { readFileSync } from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import {
  array,
  callback,
  cdef,
  dlopen,
  enumeration,
  pointer,
  struct,
  union,
} from "../../../src/ffi/index.js";
import { Isolate } from "../../../src/isolate/index.js";
import { compileSource } from "../../support/compile.js";

/** Of a helper, which is a process of Linux. */
function residentBytes(id: number | undefined): number {
  const [, kibibytes] = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${id}/status`, "utf8")) ?? [];
  return Number(kibibytes) * 1024;
}

const source = `
#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>
struct point { double x, y; };
struct big { long values[12]; };
struct named { const char *name; int age; };
union number { int32_t whole; float part; const char *text; };
int add(int a, int b) { return a + b; }
double mix(int8_t a, double b, float c, int64_t d) { return a + b + c + (double)d; }
int64_t ten(int64_t a, int64_t b, int64_t c, int64_t d, int64_t e, int64_t f, int64_t g, int64_t h,
            int64_t i, int64_t j) { return a+2*b+3*c+4*d+5*e+6*f+7*g+8*h+9*i+10*j; }
struct point swap(struct point p) { struct point q = {p.y, p.x}; return q; }
struct big count(struct big b) { for (int i = 0; i < 12; ++i) b.values[i] += i; return b; }
void move(struct point *p, double by) { p->x += by; p->y += by; }
size_t length(const char *s) { return strlen(s); }
const char *self(const char *s) { return s; }
const char *nothing(void) { return NULL; }
static char buffer[32];
const char *number_name(int n) { memset(buffer, 0, 32); buffer[0] = '0' + n; return buffer; }
struct named older(struct named n) { n.age += 1; return n; }
union number text_of(const char *s) { union number n; n.text = s; return n; }
void fill(uint8_t *data, size_t n, int value) { memset(data, value, n); }
uint64_t total(const uint8_t *data, size_t n) { uint64_t t = 0; while (n--) t += *data++; return t; }
void *hand_out(size_t n) { return calloc(1, n); }
int read_at(const int *p, int i) { return p[i]; }
int fails(int code) { errno = code; return -1; }
int sum(int n, ...) { va_list a; va_start(a, n); int t = 0; while (n--) t += va_arg(a, int); va_end(a); return t; }
double apply(double (*f)(double), double x) { return f(x); }
struct point map_point(struct point (*f)(struct point), struct point p) { return f(p); }
struct big map_big(struct big (*f)(struct big), struct big p) { return f(p); }
int depth(int (*f)(int), int n) { return n == 0 ? 0 : 1 + f(n - 1); }
int kept_value = 7;
const char *greeting = "hello";
void name_it(struct named *n) { n->name = greeting; n->age = 5; }
void double_all(int *values, int n) { for (int i = 0; i < n; ++i) values[i] *= 2; }
`;

const path = compileSource("isolated-calls", source);
const point = struct({ x: "double", y: "double" });
const big = struct({ values: array("long", 12) });
const named = struct({ name: "string", age: "int" });
const number = union({ whole: "int32", part: "float", text: "string" });
const sum = { arguments: ["int"], return: "int", variadic: ["int", "int"] } as const;
const definitions = {
  add: "int add(int a, int b)",
  mix: "double mix(int8_t a, double b, float c, int64_t d)",
  ten: { arguments: Array(10).fill("int64"), return: "int64" },
  swap: { arguments: [point], return: point },
  count: { arguments: [big], return: big },
  move: { arguments: [pointer(point, "inout"), "float64"] },
  length: "size_t length(const char *s)",
  self: "const char *self(const char *s)",
  nothing: "const char *nothing(void)",
  number_name: "const char *number_name(int n)",
  older: { arguments: [named], return: named },
  text_of: { arguments: ["string"], return: number },
  fill: "void fill(uint8_t *data, size_t n, int value)",
  total: "uint64_t total(const uint8_t *data, size_t n)",
  hand_out: "void *hand_out(size_t n)",
  read_at: { arguments: ["pointer", "int32"], return: "int32" },
  fails: { declaration: "int fails(int code)", errno: true },
  sum,
  apply: "double apply(double (*f)(double), double x)",
  map_point: {
    arguments: [callback({ arguments: [point], return: point }), point],
    return: point,
  },
  map_big: { arguments: [callback({ arguments: [big], return: big }), big], return: big },
  name_it: "void name_it(void *n)",
  double_all: { arguments: [pointer("int", "inout"), "int32"] },
} as const;

const isolate = new Isolate();
const { lib, functions: far } = dlopen(path, definitions, { isolate });
const { functions: near } = dlopen(path, definitions);
afterAll(() => isolate.close());

/** Calls by value: the name of a function and its arguments. */
const byValue: readonly (readonly [keyof typeof definitions, ...unknown[]])[] = [
  ["add", 40, 2],
  ["add", -2147483648, 0],
  ["mix", -128, 0.5, 0.25, 2n ** 40n],
  ["ten", ...Array.from({ length: 10 }, (_, index) => BigInt(index) - 5n)],
  ["swap", { x: 1.5, y: -2 }],
  ["count", { values: Array.from({ length: 12 }, (_, index) => index * index) }],
  ["length", "grüße"],
  ["length", "x".repeat(100_000)],
  ["self", "ünïcode"],
  ["self", "long ".repeat(2_000)],
  ["nothing"],
  ["number_name", 3],
  ["older", { name: "Ada", age: 36 }],
  ["fails", 13],
  ["sum", 2, 30, 12],
];

/** Calls that are refused. */
const refused: readonly (readonly [keyof typeof definitions, ...unknown[]])[] = [
  ["add", 1],
  ["add", 1, 2, 3],
  ["add", 1.5, 2],
  ["add", 2 ** 31, 2],
  ["add", "1", 2],
  ["mix", 128, 0, 0, 0],
  ["swap", { x: 1 }],
  ["swap", { x: 1, y: "2" }],
  ["length", "a\0b"],
  ["length", null],
  ["fill", new Uint8Array(4), -1, 0],
  ["apply", 5, 1],
];

type Call = (...args: readonly unknown[]) => unknown;
type FarCall = ((...args: readonly unknown[]) => Promise<unknown>) & { readonly sync: Call };

function outcome(call: () => unknown): unknown {
  try {
    return { value: call() };
  } catch (error) {
    return describeError(error);
  }
}

function describeError(error: unknown): unknown {
  const { name, message, code } = error as Error & { code?: unknown };
  return { name, message, code };
}

describe("an isolated function is the twin of the one in this process", () => {
  const calls = [...byValue, ...refused].map(([name, ...args]) => ({ name, args }));
  it.each(calls)("$name, given $args", async ({ name, args }) => {
    const expected = outcome(() => (near[name] as Call)(...args));
    const call = far[name] as unknown as FarCall;
    expect(outcome(() => call.sync(...args))).toEqual(expected);
    const later = await call(...args).then((value) => ({ value }), describeError);
    expect(later).toEqual(expected);
  });

  it("resolves with undefined for void, and has name and length", async () => {
    await expect(far.fill(new Uint8Array(1), 1, 0)).resolves.toBeUndefined();
    expect(far.add.name).toBe("add");
    expect(far.add.length).toBe(2);
  });
});

describe("memory", () => {
  it("gets back what C left there, synchronously and by promise", async () => {
    const bytes = new Uint8Array(70_000);
    far.fill.sync(bytes, bytes.length, 7);
    expect(bytes.every((byte) => byte === 7)).toBe(true);
    await far.fill(bytes, bytes.length, 9);
    expect(bytes.every((byte) => byte === 9)).toBe(true);
    await expect(far.total(bytes, bytes.length)).resolves.toBe(630_000n);
  });

  it("is passed in part, from the middle of a buffer", async () => {
    const bytes = new Uint8Array(100);
    await far.fill(bytes.subarray(10, 20), 10, 1);
    expect(bytes.reduce((sum, byte) => sum + byte)).toBe(10);
    expect(bytes[9]).toBe(0);
  });

  it("of the isolate is shared, not copied", async () => {
    const bytes = isolate.allocate(1000);
    const address = far.hand_out.pointer;
    expect(typeof address).toBe("bigint");
    const call = far.fill(bytes, 1000, 5);
    bytes[0] = 1; // A copy would be read when the call is made and written when it is over.
    await call;
    expect(bytes[999]).toBe(5);
    await expect(far.total(bytes.subarray(990), 10)).resolves.toBe(50n);
  });

  it("behind typed pointers travels both ways", async () => {
    const value = { x: 1, y: 2 };
    far.move.sync(value, 10);
    expect(value).toEqual({ x: 11, y: 12 });
    await far.move(value, 1);
    expect(value).toEqual({ x: 12, y: 13 });
    const list = [1, 2, 3];
    await far.double_all(list, 3);
    expect(list).toEqual([2, 4, 6]);
  });

  it("of the helper is read and written by address, and an address that is none is an error", async () => {
    const address = await far.hand_out(16);
    isolate.write(address, new Int32Array([5, 6]));
    expect(far.read_at.sync(address, 1)).toBe(6);
    expect([...isolate.read(address, 5)]).toEqual([5, 0, 0, 0, 6]);
    expect(() => isolate.read(8n, 4)).toThrow(
      expect.objectContaining({ code: "ERR_FFI_INVALID_POINTER" }),
    );
  });

  it.each([
    ["a Uint8Array", new Uint8Array(8)],
    ["a DataView", new DataView(new ArrayBuffer(8))],
  ])("is refused once it is detached: %s", async (_, bytes) => {
    structuredClone(bytes.buffer, { transfer: [bytes.buffer] });
    expect(() => far.total.sync(bytes, 0)).toThrow("detached buffer");
    await expect(far.total(bytes, 0)).rejects.toThrow("detached buffer");
  });

  it("text in a union is read from the helper when it is asked for", () => {
    const view = far.text_of.sync("inside") as unknown as { text: string | null };
    expect(typeof view).toBe("object");
    expect(far.self.sync("after")).toBe("after");
  });

  it("text behind an address in a copy of the helper's memory is read from the helper", () => {
    const copy = isolate.read(lib.getSymbol("greeting"), 8);
    const holder = struct({ text: "string" });
    expect(holder.view(copy).text).toBe("hello");
  });

  it("text behind an address that C left in memory is read from the helper", async () => {
    for (const memory of [Buffer.alloc(named.size), isolate.allocate(named.size)]) {
      far.name_it.sync(memory);
      expect(named.view(memory).name).toBe("hello");
    }
    const pooled = Buffer.from(new Uint8Array(named.size));
    await far.name_it(pooled);
    expect(named.view(pooled).name).toBe("hello");
  });

  it("text behind an address in the memory beside it is read here", () => {
    const both = Buffer.alloc(2 * named.size);
    near.name_it(both.subarray(named.size));
    far.name_it.sync(both.subarray(0, named.size));
    expect(named.view(both).name).toBe("hello");
    expect(named.view(both, named.size).name).toBe("hello");
    near.name_it(both);
  });

  it("text is read from the process of several that made the call", async () => {
    using pair = new Isolate({ processes: 2 });
    using library = dlopen(path, { older: definitions.older }, { isolate: pair });
    const busy = library.functions.older({ name: "first", age: 1 });
    expect(library.functions.older.sync({ name: "second", age: 2 })).toEqual({
      name: "second",
      age: 3,
    });
    await expect(busy).resolves.toEqual({ name: "first", age: 2 });
  });

  it("is left alone when it was detached in the meantime", async () => {
    const bytes = new Uint8Array([1, 2, 3]);
    const call = far.fill(bytes, 3, 9);
    structuredClone(bytes.buffer, { transfer: [bytes.buffer] });
    await expect(call).resolves.toBeUndefined();
  });

  it("refuses memory that the heap has no room for, naming the option", () => {
    expect(() => far.total.sync(new Uint8Array(80 * 1024 * 1024), 1)).toThrow("sharedBytes");
  });
});

describe("callbacks", () => {
  it("run here, for a call that waits and for a promise", async () => {
    expect(far.apply.sync((x) => x * 2, 21)).toBe(42);
    await expect(far.apply((x) => x / 2, 21)).resolves.toBe(10.5);
  });

  it("take and give structs, in registers and in memory", async () => {
    const flip = ({ x, y }: { x: number; y: number }) => ({ x: y, y: x });
    expect(far.map_point.sync(flip, { x: 1, y: 2 })).toEqual({ x: 2, y: 1 });
    const values = Array.from({ length: 12 }, (_, index) => BigInt(index));
    const twice = (given: { values: readonly (number | bigint)[] }) => ({
      values: given.values.map((value) => BigInt(value) * 2n),
    });
    const expected = { values: values.map((value) => value * 2n) };
    expect(far.map_big.sync(twice, { values })).toEqual(expected);
    await expect(far.map_big(twice, { values })).resolves.toEqual(expected);
  });

  it("may call isolated functions, which may call back", async () => {
    const nested = (x: number): number =>
      x < 1 ? far.add.sync(1, 1) : far.apply.sync(nested, x - 1);
    expect(far.apply.sync(nested, 10)).toBe(2);
    await expect(far.apply(nested, 10)).resolves.toBe(2);
  });

  it("of many calls that wait all run, whatever the helper finishes meanwhile", async () => {
    const calls = Array.from({ length: 400 }, (_, index) =>
      index % 2 === 0 ? far.add(index, 1) : far.apply((x) => x + 1, index),
    );
    const expected = calls.map((_, index) => index + 1);
    await expect(Promise.all(calls)).resolves.toEqual(expected);
  });

  it("throw to the caller of C, which gets zero", async () => {
    const fail = () => {
      throw new RangeError("mine");
    };
    expect(() => far.apply.sync(fail, 1)).toThrow(RangeError);
    await expect(far.apply(fail, 1)).rejects.toThrow("mine");
    await expect(far.apply(() => "x" as never, 1)).rejects.toThrow(
      "apply: argument 1 (f): the callback's result must be a number, got a string of 1 character",
    );
  });

  it("are registered for as long as the helper lives", async () => {
    const address = lib.registerCallback("double (*)(double)", (x) => x + 1);
    expect(far.apply.sync(address as never, 1)).toBe(2);
    lib.unregisterCallback(address);
    expect(far.apply.sync(address as never, 1)).toBe(0);
  });

  it.runIf(process.platform === "linux")(
    "leave nothing in the helper once they are unregistered",
    () => {
      using isolate = new Isolate();
      const { lib: other } = dlopen(path, {}, { isolate });
      const growthOf = (count: number) => {
        const before = residentBytes(isolate.processIds[0]);
        for (let index = 0; index < count; index++) {
          other.unregisterCallback(other.registerCallback("double (*)(double)", (x) => x));
        }
        return residentBytes(isolate.processIds[0]) - before;
      };
      growthOf(5000); // Some thousand are kept, lest C calls one of them after all.
      expect(growthOf(10_000)).toBeLessThan(256 * 1024);
    },
  );
});

describe("variables, symbols and cdef", () => {
  it("are those of the helper", () => {
    const kept = lib.getVariable("int kept_value");
    expect(kept.value).toBe(7);
    kept.value = 9;
    expect(far.read_at.sync(lib.getSymbol("kept_value"), 0)).toBe(9);
    expect(lib.getVariable("const char *greeting").value).toBe("hello");
  });

  it("declared functions are isolated", async () => {
    const declared = cdef("int add(int, int); double apply(double (*)(double), double);");
    using library = dlopen(path, declared, { isolate });
    await expect(library.functions.add?.(1, 2)).resolves.toBe(3);
  });

  it("a variadic prototype takes types with its values", async () => {
    using library = dlopen(path, {}, { isolate });
    const variadic = library.lib.getFunction("int sum(int n, ...)") as unknown as FarCall;
    await expect(variadic(2, ["int", 1], ["int", 5])).resolves.toBe(6);
    expect(variadic.sync(1, ["int", 5])).toBe(5);
  });

  it("an enumeration is a name or a number", async () => {
    const level = enumeration({ low: 1, high: 2 });
    const add = dlopen(path, { add: { arguments: [level, level], return: level } }, { isolate });
    await expect(add.functions.add("low", "low")).resolves.toBe(2);
  });
});
