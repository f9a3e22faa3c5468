import { afterAll, describe, expect, it } from "vitest";
import { alloc, DynamicLibrary, pointer, struct, union } from "../../../../src/ffi/index.js";
import { compileSource } from "../../../support/compile.js";

const source = `#include <stdint.h>
union number { int32_t whole; float real; };
struct tagged { int32_t kind; union number number; };
void set_number(union number *n, float real) { n->real = real; }
void set_tagged(struct tagged *t) { t->kind += 1; t->number.whole += 10; }
struct tagged next(struct tagged t) { t.kind += 1; return t; }`;

const number = union("number", { whole: "int32", real: "float32" });
const tagged = struct("tagged", { kind: "int32", number });

describe("unions in calls", () => {
  const lib = new DynamicLibrary(compileSource("union-calls", source));
  afterAll(() => lib.close());

  it("come back in an object as plain members", () => {
    const set = lib.getFunction("set_number", { arguments: [pointer(number), "float"] });
    const value = { whole: 5 };
    set(value, 0.5);
    expect(value).toEqual({ whole: 0x3f000000, real: 0.5 });
    expect(Object.getOwnPropertySymbols(value)).toEqual([]);
  });

  it("come back inside of a struct, and can be passed on", () => {
    const set = lib.getFunction("set_tagged", { arguments: [pointer(tagged)] });
    const next = lib.getFunction("next", { arguments: [tagged], return: tagged });
    const value = { kind: 1, number: { whole: 2 } };
    set(value);
    expect([value.kind, value.number.whole]).toEqual([2, 12]);
    const passed = next(value);
    expect([passed.kind, passed.number.whole]).toEqual([3, 12]);
  });

  it("are changed in place in an allocation", () => {
    const set = lib.getFunction("set_tagged", { arguments: [pointer(tagged)] });
    const memory = alloc(tagged);
    set(memory);
    set(memory.view);
    expect([memory.view.kind, memory.view.number.whole]).toEqual([2, 20]);
  });
});
