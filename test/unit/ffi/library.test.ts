import { describe, expect, it } from "vitest";
import ffi, {
  DynamicLibrary,
  dlclose,
  dlopen,
  dlsym,
  suffix,
  types,
} from "../../../src/ffi/index.js";
import { fixtureLibrary } from "../../support/compile.js";

const add = { arguments: ["int32", "int32"], return: "int32" } as const;

describe("dlopen", () => {
  it("resolves signature objects and C prototypes", () => {
    const { lib, functions } = dlopen(fixtureLibrary, {
      add_int32: add,
      sum_six: "int32_t sum_six(int32_t, int32_t, int32_t, int32_t, int32_t, int32_t)",
    });
    expect(functions.add_int32(40, 2)).toBe(42);
    expect(functions.sum_six(1, 2, 3, 4, 5, 6)).toBe(21);
    expect([functions.add_int32.name, functions.add_int32.length]).toEqual(["add_int32", 2]);
    expect(functions.add_int32.pointer).toBe(dlsym(lib, "add_int32"));
    lib.close();
  });

  it("gives the process itself for null, with the C library", () => {
    const { functions } = dlopen(null, { labs: "long labs(long)" });
    expect(functions.labs(-5)).toBe(5n);
  });

  it("names a missing library and a missing symbol in the loader's words", () => {
    expect(() => dlopen("./no-such-library.so")).toThrowError(
      expect.objectContaining({
        code: "ERR_FFI_CALL_FAILED",
        message: expect.stringContaining("no-such-library"),
      }),
    );
    expect(() => dlopen(fixtureLibrary, { no_such_symbol: add })).toThrowError(
      expect.objectContaining({
        code: "ERR_FFI_CALL_FAILED",
        message: expect.stringContaining("no_such_symbol"),
      }),
    );
  });

  it("resolves lazily when asked: a missing symbol fails where it is read", () => {
    const definitions = { add_int32: add, no_such_symbol: add };
    const { lib, functions } = dlopen(fixtureLibrary, definitions, { lazy: true });
    expect(Object.keys(lib.symbols)).toEqual([]);
    expect(functions.add_int32(1, 2)).toBe(3);
    expect(functions.add_int32).toBe(functions.add_int32);
    expect(Object.keys(functions)).toEqual(["add_int32", "no_such_symbol"]);
    expect(() => functions.no_such_symbol).toThrowError("no_such_symbol");
    lib.close();
  });

  it("closes the library when it is disposed", () => {
    const opened = dlopen(fixtureLibrary, { add_int32: add });
    opened[Symbol.dispose]();
    expect(() => opened.functions.add_int32(1, 2)).toThrowError("Library is closed");
  });
});

describe("DynamicLibrary", () => {
  it("lists what was resolved", () => {
    const lib = new DynamicLibrary(fixtureLibrary);
    const function_ = lib.getFunction("add_int32", add);
    expect(lib.path).toBe(fixtureLibrary);
    expect(lib.functions).toEqual({ add_int32: function_ });
    expect(lib.getFunctions()).toEqual({ add_int32: function_ });
    expect(lib.symbols).toEqual({ add_int32: function_.pointer });
    expect(lib.getSymbols()).toEqual(lib.symbols);
    lib.close();
  });

  it("gives one function for one signature and refuses a second signature", () => {
    const lib = new DynamicLibrary(fixtureLibrary);
    const first = lib.getFunction("add_int32", add);
    expect(lib.getFunction("add_int32", { arguments: ["i32", "i32"], return: "i32" })).toBe(first);
    expect(() => lib.getFunction("add_int32", { arguments: [], return: "void" })).toThrowError(
      "Function add_int32 was already requested with a different signature",
    );
    lib.close();
  });

  it("refuses every use after close, and closes twice without harm", () => {
    const lib = new DynamicLibrary(fixtureLibrary);
    const sum = lib.getFunction("add_int32", add);
    dlclose(lib);
    lib.close();
    const uses = [
      () => sum(1, 2),
      () => lib.getFunction("add_int32", add),
      () => lib.getFunctions(),
      () => lib.getSymbol("add_int32"),
      () => lib.symbols,
      () => lib.functions,
    ];
    for (const use of uses) {
      expect(use).toThrowError(expect.objectContaining({ code: "ERR_FFI_LIBRARY_CLOSED" }));
    }
    expect(lib.path).toBe(fixtureLibrary);
  });

  it("keeps functions of another handle of the same library alive", () => {
    const first = new DynamicLibrary(fixtureLibrary);
    const second = new DynamicLibrary(fixtureLibrary);
    const sum = second.getFunction("add_int32", add);
    first.close();
    expect(sum(1, 2)).toBe(3);
    second.close();
  });

  it.each([
    [
      () => new DynamicLibrary(5 as never),
      "ERR_INVALID_ARG_TYPE",
      "a string, a Uint8Array of its bytes or null, got 5",
    ],
    [() => new DynamicLibrary("a\0b"), "ERR_INVALID_ARG_VALUE", "NUL"],
  ])("refuses a bad path", (open, code, message) => {
    expect(open).toThrowError(
      expect.objectContaining({ code, message: expect.stringContaining(message) }),
    );
  });

  it("refuses faulty signatures and names the part", () => {
    const lib = new DynamicLibrary(fixtureLibrary);
    const resolve = (signature: unknown) => () => lib.getFunction("add_int32", signature as never);
    expect(resolve(undefined)).toThrowError("signature of add_int32 must be an object");
    expect(resolve({ arguments: "int32" })).toThrowError("must be an array");
    expect(resolve({ arguments: [5] })).toThrowError("argument 1 of function add_int32");
    expect(resolve({ arguments: ["int33"] })).toThrowError('the unsupported type "int33"');
    expect(resolve({ arguments: ["void"] })).toThrowError('must not be "void"');
    expect(resolve({ return: "constructor" })).toThrowError('the unsupported type "constructor"');
    expect(resolve({ parameters: ["int32"], result: "int32" })).toThrowError(
      'signature of add_int32 has the unknown property "parameters"; known: arguments, return',
    );
    const many = Array.from({ length: 600 }, () => "int32" as const);
    expect(resolve({ arguments: many })).toThrowError("512 stack words");
    lib.close();
  });
});

describe("the module", () => {
  it("has node:ffi's names as named exports and on its default export", () => {
    expect(ffi).toMatchObject({ DynamicLibrary, dlopen, dlclose, dlsym, suffix, types });
    expect(types).toMatchObject({ VOID: "void", INT_32: "int32", FLOAT_64: "float64" });
    expect(fixtureLibrary.endsWith(suffix)).toBe(true);
  });
});
