import { describe, expect, it } from "vitest";
import {
  callback,
  cdef,
  type Declaration,
  DynamicLibrary,
  type FunctionType,
  load,
  pointer,
} from "../../../../src/ffi/index.js";
import { compileSource } from "../../../support/compile.js";
import { makeWorkspace } from "./workspace.js";

const SOURCE = `
#include <string.h>

#ifdef _WIN32
__declspec(dllimport) void __stdcall SetLastError(unsigned long error);
#else
#include <errno.h>
#define SetLastError(error) (errno = (error))
#endif

struct counter;
struct methods {
  int (*add)(struct counter *self, int amount);
  int (*fail)(struct counter *self, int error);
};
struct counter { const struct methods *methods; int value; };

static int add(struct counter *self, int amount) { return self->value += amount; }
static int fail(struct counter *self, int error) { SetLastError(error); return -1; }
static const struct methods methods = { add, fail };
struct counter counter = { &methods, 5 };

static size_t measure(const char *text) { return strlen(text); }
size_t (*length)(const char *text) = measure;
void (*nothing)(void);

static int twice(int x) { return 2 * x; }
int (*choose(void))(int) { return twice; }
static double sum(int count, ...) {
  __builtin_va_list values;
  __builtin_va_start(values, count);
  double total = 0;
  while (count-- > 0) total += __builtin_va_arg(values, double);
  __builtin_va_end(values);
  return total;
}
void *sum_address(void) { return sum; }
`;

const path = compileSource("pointers", SOURCE, { directory: makeWorkspace() });
const lib = new DynamicLibrary(path);

describe("getFunctionAt", () => {
  it("calls what a variable holds", () => {
    const length = lib.getVariable("size_t (*length)(const char *text)");
    const measure = lib.getFunctionAt(length.value, "size_t (*)(const char *text)");
    expect(measure("Grüße")).toBe(7);
    expect(measure.pointer).toBe(length.value);
    expect(() => measure(null as never)).toThrowError(
      "argument 1 (text) must be a string, got null",
    );
  });

  it("calls the methods that a struct has pointers to", () => {
    const { types } = cdef(`
      struct counter;
      typedef int (*method)(struct counter *self, int number);
      struct methods { method add, fail; };
      struct counter { const struct methods *methods; int value; };
    `);
    const counter = lib.getSymbol("counter");
    const { methods } = load(counter, types.counter as never) as { methods: bigint };
    const table = load(methods, types.methods as never) as { add: bigint; fail: bigint };
    const Method = types.method as FunctionType;
    const add = lib.getFunctionAt(table.add, Method);
    expect([add(counter, 2), add(counter, 3)]).toEqual([7, 10]);
    const fail = lib.getFunctionAt(table.fail, Method, { errno: true });
    expect(fail(counter, 7)).toEqual({ value: -1, errno: 7 });
  });

  it("calls what a function returned, in any of the ways to declare it", async () => {
    const address = lib.getFunction("choose", { return: "pointer" })();
    const Twice = callback({ arguments: ["int"], return: "int" });
    const object = { arguments: ["int32"], return: "int32", threadSafe: true } as const;
    expect(lib.getFunctionAt(address, "int (*)(int)")(4)).toBe(8);
    expect(lib.getFunctionAt(address, "int (int x)")(4)).toBe(8);
    expect(lib.getFunctionAt(address, "int twice(int x);")(4)).toBe(8);
    expect(lib.getFunctionAt(address, Twice)(4)).toBe(8);
    expect(await lib.getFunctionAt(address, Twice).async(5)).toBe(10);
    expect(lib.getFunctionAt(address, object).map([new Int32Array([1, 2])])).toEqual(
      new Int32Array([2, 4]),
    );
  });

  it("takes a function that cdef declares, with what is said of it and by its name", () => {
    const address = lib.getFunction("choose", { return: "pointer" })();
    const { functions } = cdef('int twice(int x) __asm__("elsewhere");', { errno: true });
    const twice = functions.twice as Declaration;
    const double = lib.getFunctionAt(address, twice);
    expect(double.name).toBe("twice");
    expect(double(4)).toEqual({ value: 8, errno: expect.any(Number) });
    expect(() => lib.getFunctionAt(address, twice, { errno: true })).toThrowError(
      "options of a declaration are properties of it",
    );
  });

  it("takes further arguments of a variadic function", () => {
    const address = lib.getFunction("void *sum_address(void)")();
    const sum = lib.getFunctionAt(address, "double (*)(int count, ...)");
    expect(sum(2, ["double", 0.5], ["double", 2])).toBe(2.5);
  });

  it("calls a registered callback, and is called by its own name", () => {
    const address = lib.registerCallback("int (*)(int)", (x) => Number(x) + 1);
    expect(lib.getFunctionAt(address, "int next(int x)")(4)).toBe(5);
    expect(lib.getFunctionAt(address, "int next(int x)").name).toBe("next");
    expect(lib.getFunctionAt(address, "int (*)(int)").name).toBe(
      `function at 0x${address.toString(16)}`,
    );
    lib.unregisterCallback(address);
  });

  it("knows the types of the library", () => {
    const types = cdef("typedef struct counter { void *methods; int value; } counter_t;");
    using other = new DynamicLibrary(path, { types });
    const address = other.getFunction("choose", { return: "pointer" })();
    expect(other.getFunctionAt(address, "int (*)(counter_t *counter)" as string)(null)).toBe(0);
    expect(() => lib.getFunctionAt(address, "int (*)(counter_t counter)" as string)).toThrowError(
      'unknown type "counter_t"',
    );
  });

  it("does not list the function among those of the library", () => {
    using other = new DynamicLibrary(path);
    other.getFunctionAt(other.getSymbol("choose"), "void *choose(void)")();
    expect(Object.keys(other.functions)).toEqual([]);
  });

  it("refuses the call after the library was closed", () => {
    const other = new DynamicLibrary(path);
    const twice = other.getFunctionAt(other.getSymbol("choose"), "void *choose(void)");
    other.close();
    const closed = expect.objectContaining({ code: "ERR_FFI_LIBRARY_CLOSED" });
    expect(() => twice()).toThrowError(closed);
    expect(() => other.getFunctionAt(1n, "int (*)(int)")).toThrowError(closed);
  });

  it("refuses a null pointer and what is no address", () => {
    const nothing = lib.getVariable("void (*nothing)(void)");
    expect(() => lib.getFunctionAt(nothing.value, "void (*)(void)")).toThrowError(
      expect.objectContaining({ code: "ERR_FFI_INVALID_POINTER" }),
    );
    for (const address of [5, -1n, 2n ** 64n, null, Buffer.alloc(8)]) {
      expect(() => lib.getFunctionAt(address as never, "void (*)(void)")).toThrowError(
        "address must be a",
      );
    }
  });

  it.each([
    ["int", 'expected a function, such as "int (*)(int)"'],
    ["int (**)(int)", "expected a function"],
    [pointer("int"), "definition must be a function's type, got int32_t *"],
    [5, "must be an object, got 5"],
    [{ result: "int" }, 'unknown property "result"'],
  ])("refuses %o as a definition", (definition, message) => {
    expect(() => lib.getFunctionAt(1n, definition as never)).toThrowError(message);
  });

  it("refuses options beside a signature object, and unknown ones", () => {
    expect(() => lib.getFunctionAt(1n, { return: "int" }, { errno: true })).toThrowError(
      "options of a signature object are properties of it",
    );
    expect(() => lib.getFunctionAt(1n, "int (*)(int)", { erno: true } as never)).toThrowError(
      'no option "erno"',
    );
  });
});
