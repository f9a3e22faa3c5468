import { describe, expect, it } from "vitest";
import { array, cdef, DynamicLibrary, struct } from "../../../../src/ffi/index.js";
import { compileSource } from "../../../support/compile.js";
import { makeWorkspace } from "./workspace.js";

const source = `
  #include <stdint.h>
  int counter = 41;
  int next(void) { return ++counter; }
  unsigned char flags = 255;
  int64_t big = -9007199254740993;
  double ratio = 0.5;
  float half = 0.5f;
  _Bool ready = 1;
  int numbers[4] = {1, 2, 3, 4};
  struct point { int x; double y; } origin = {3, 4.5};
  const char *greeting = "Gr\\xc3\\xbc\\xc3\\x9f" "e";
  const char *nothing = 0;
  const int version = 7;
  void *memory = 0;
  int *target = &counter;
`;
const path = compileSource("variables", source, { directory: makeWorkspace() });
const lib = new DynamicLibrary(path);

describe("getVariable", () => {
  it("reads and writes what C reads and writes", () => {
    const counter = lib.getVariable("int counter");
    const next = lib.getFunction("int next(void)");
    expect(counter.value).toBe(41);
    expect(next()).toBe(42);
    expect(counter.value).toBe(42);
    counter.value = 100;
    expect(next()).toBe(101);
    expect(counter.pointer).toBe(lib.getSymbol("counter"));
    expect(counter.name).toBe("counter");
  });

  it.each([
    ["unsigned char flags", 255, 7],
    ["int64_t big", -9007199254740993n, 2n ** 62n],
    ["double ratio", 0.5, 0.1],
    ["float half", 0.5, 0.25],
    ["bool ready", true, false],
    ["int numbers[4]", [1, 2, 3, 4], [5, 6, 7, 8]],
    ["struct point { int x; double y; } origin", { x: 3, y: 4.5 }, { x: -1, y: 2 }],
    ["void *memory", 0n, 4096n],
  ])("takes %s", (declaration: string, before, after) => {
    const variable = lib.getVariable(declaration);
    expect(variable.value).toEqual(before);
    variable.value = after;
    expect(variable.value).toEqual(after);
    expect(lib.getVariable(declaration).value).toEqual(after);
  });

  it("gives a string's text, and null", () => {
    expect(lib.getVariable("const char *greeting").value).toBe("Grüße");
    expect(lib.getVariable("extern const char *nothing;").value).toBe(null);
    const greeting = lib.getVariable("const char *greeting");
    expect(() => {
      greeting.value = "kept by nobody";
    }).toThrowError();
    expect(greeting.value).toBe("Grüße");
  });

  it("takes a name and a type", () => {
    const point = lib.getVariable("origin", struct({ x: "int32", y: "float64" }));
    point.value = { x: 8, y: 0.25 };
    expect(point.value).toEqual({ x: 8, y: 0.25 });
    expect(lib.getVariable("numbers", array("int32", 2)).value).toHaveLength(2);
    expect(lib.getVariable("version", "int32").value).toBe(7);
  });

  it("knows the types that the library was opened with", () => {
    const types = cdef("struct point { int x; double y; };");
    using typed = new DynamicLibrary(path, { types });
    expect(typed.getVariable("struct point origin").value).toHaveProperty("y");
  });

  it("refuses values that the type cannot hold, and writes nothing", () => {
    const flags = lib.getVariable("unsigned char flags");
    flags.value = 1;
    for (const bad of [256, -1, 1.5, "1", null]) {
      expect(() => {
        flags.value = bad;
      }).toThrowError(/from 0 to 255/);
    }
    expect(flags.value).toBe(1);
  });

  it("refuses to write a const variable, whose memory may be read-only", () => {
    for (const declaration of ["const int version", "int const version"]) {
      const version = lib.getVariable(declaration as string);
      expect(version.value).toBe(7);
      expect(() => {
        version.value = 8;
      }).toThrowError("variable version is declared const");
    }
    lib.getVariable("const int *target" as string).value = 0n;
    expect(lib.getVariable("const int *target" as string).value).toBe(0n);
  });

  it("names a symbol that is missing, and what is no declaration of a variable", () => {
    expect(() => lib.getVariable("int no_such_variable")).toThrowError(
      expect.objectContaining({
        code: "ERR_FFI_CALL_FAILED",
        message: expect.stringContaining("no_such_variable"),
      }),
    );
    expect(() => lib.getVariable("int next(void)")).toThrowError("must declare one variable");
    expect(() => lib.getVariable("int a, b" as string)).toThrowError("must declare one variable");
    expect(() => lib.getVariable("counter")).toThrowError(/C declaration/);
    expect(() => lib.getVariable(5 as never)).toThrowError("must be a name or a C declaration");
    expect(() => lib.getVariable("counter", "int33" as never)).toThrowError("type of counter");
  });

  it("throws after close", () => {
    const closed = new DynamicLibrary(path);
    const counter = closed.getVariable("int counter");
    closed.close();
    const error = expect.objectContaining({ code: "ERR_FFI_LIBRARY_CLOSED" });
    expect(() => counter.value).toThrowError(error);
    expect(() => {
      counter.value = 1;
    }).toThrowError(error);
    expect(() => closed.getVariable("int counter")).toThrowError(error);
  });
});
