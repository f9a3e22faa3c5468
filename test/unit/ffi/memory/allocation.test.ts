import { describe, expect, it } from "vitest";
import { DynamicLibrary } from "../../../../src/ffi/index.js";
import { alloc } from "../../../../src/ffi/memory/alloc.js";
import { load, store, viewAt } from "../../../../src/ffi/memory/load-store.js";
import { pointerMemory } from "../../../../src/ffi/memory/memory-holder.js";
import { array, pointer, struct } from "../../../../src/ffi/types/constructors.js";
import { bytesOf } from "../../../../src/ffi/types/views.js";
import { cLibrary } from "../../../support/compile.js";

const point = struct("point", { x: "int32", y: "int32" });
const lib = new DynamicLibrary(cLibrary);
const memset = lib.getFunction("memset", {
  arguments: ["pointer", "int32", "uint64"],
  return: "pointer",
});
const strlen = lib.getFunction("strlen", { arguments: ["pointer"], return: "uint64" });

describe("alloc", () => {
  it("makes memory of zeros for one value or more", () => {
    const memory = alloc(point, { count: 3 });
    expect([memory.size, memory.length]).toEqual([24, 3]);
    memory.set(1, { x: 1, y: 2 });
    expect([memory.value, memory.at(1)]).toEqual([
      { x: 0, y: 0 },
      { x: 1, y: 2 },
    ]);
    memory.value = { x: 5, y: 6 };
    expect(Array.from(new Int32Array(memory.buffer))).toEqual([5, 6, 1, 2, 0, 0]);
  });

  it("makes memory of so many bytes", () => {
    const memory = alloc(5);
    memory.set(4, 255);
    expect(Array.from(memory.bytes)).toEqual([0, 0, 0, 0, 255]);
    expect(alloc(5, { zero: false }).size).toBe(5);
  });

  it("has accessors over the same memory", () => {
    const one = alloc(point);
    one.view.y = 7;
    expect(one.value).toEqual({ x: 0, y: 7 });
    const many = alloc("float64", { count: 2 });
    many.view[1] = 2.5;
    expect(many.at(1)).toBe(2.5);
    const points = alloc(point, { count: 1 });
    points.view.set(0, { x: 1, y: 2 });
    expect(points.view.at(0).y).toBe(2);
  });

  it("aligns the address as the type or the caller wants", () => {
    for (const alignment of [1, 16, 64, 4096]) {
      const { pointer: place } = alloc(point, { alignment });
      expect(place.unsafeAddress % BigInt(alignment)).toBe(0n);
      expect(place.size).toBe(8);
    }
  });

  it("gives a flexible last member as many elements as asked for", () => {
    const packet = struct({ length: "uint16", data: array("uint16") });
    const memory = alloc(packet, { count: 4 });
    expect([memory.size, memory.length]).toEqual([10, 1]);
    memory.view.data[3] = 9;
    expect(memory.bytes[8]).toBe(9);
  });

  it("keeps strings alive that are written into it", () => {
    const person = alloc(struct({ name: "string", next: pointer("uint8") }));
    person.value = { name: "Ada", next: Uint8Array.of(104, 105, 0) };
    expect(person.value.name).toBe("Ada");
    expect(load(person.value.next, array("char", 2))).toBe("hi");
    person.view.name = "Grace";
    expect(person.view.name).toBe("Grace");
  });

  it("refuses wrong sizes, indexes and options", () => {
    expect(() => alloc(0)).toThrow("bytes must be an integer from 1 to 2147483648, got 0");
    expect(() => alloc(point, { count: 0 })).toThrow(
      "count must be an integer from 1 to 268435456",
    );
    expect(() => alloc(5, { count: 2 })).toThrow("count is for types");
    expect(() => alloc(point, { alignment: 3 })).toThrow("alignment must be a power of two, got 3");
    expect(() => alloc(point, { cuont: 3 } as never)).toThrow('has no option "cuont"');
    expect(() => alloc("void")).toThrow("type must be a type with a size, got void");
    expect(() => alloc(point).at(1)).toThrow("index must be an integer from 0 to 0, got 1");
    expect(() => alloc(point).set(0, { x: 1 } as never)).toThrow(
      "struct point.y must be an integer",
    );
  });
});

describe("an allocation passed to C", () => {
  it("is written in place, from an offset on", () => {
    const memory = alloc(4);
    memset(memory, 1, 4n);
    memset(memory.pointer.offset(2), 2, 2n);
    expect(Array.from(memory.bytes)).toEqual([1, 1, 2, 2]);
  });

  it("is refused once it was freed, and so is everything of it", () => {
    const memory = alloc("uint8", { count: 100 });
    const { bytes, pointer: place } = memory;
    const further = place.offset(10);
    const { view } = memory;
    memory.free();
    memory.free();
    expect(memory.isFreed).toBe(true);
    expect(bytes.length).toBe(0);
    for (const dead of [memory, place, further, bytes, view]) {
      expect(() => memset(dead, 1, 1n)).toThrow("must be bytes that are not detached");
    }
    const freed = expect.objectContaining({ code: "ERR_FFI_FREED_MEMORY" });
    for (const use of [
      () => memory.value,
      () => memory.set(0, 1),
      () => memory.bytes,
      () => memory.view,
      () => memory.pointer,
      () => place.unsafeAddress,
      () => load(place, "uint8"),
      () => store(memory, "uint8", 1),
    ]) {
      expect(use).toThrow(freed);
    }
  });

  it("is freed at the end of a using block", () => {
    const memory = alloc(point);
    memory[Symbol.dispose]();
    expect(memory.isFreed).toBe(true);
  });
});

describe("a pointer", () => {
  it("knows its bounds", () => {
    const place = alloc(8).pointer;
    expect(place.offset(8).size).toBe(0);
    expect(() => place.offset(9)).toThrow("bytes must be an integer from 0 to 8, got 9");
    expect(() => place.offset(-1)).toThrow("bytes must be an integer from 0 to 8, got -1");
    expect(() => load(place.offset(5), "int32")).toThrow(
      "pointer must have at least 4 bytes left for int32_t",
    );
  });

  it("stands for memory; other values do not", () => {
    const memory = alloc(8);
    expect(pointerMemory(memory.pointer)).toBe(memory.bytes);
    expect(pointerMemory(point.view())).toBeInstanceOf(DataView);
    for (const other of [1n, null, {}, new Uint8Array(1), "text", Object.create(memory)]) {
      expect(pointerMemory(other)).toBeUndefined();
    }
  });
});

describe("load and store", () => {
  it("read and write a value at a pointer or an address", () => {
    const memory = alloc(16);
    store(memory.pointer, point, { x: 1, y: 2 });
    store(memory.pointer.unsafeAddress + 8n, point, { x: 3, y: 4 });
    expect(load(memory.pointer.offset(8), point)).toEqual({ x: 3, y: 4 });
    expect(load(memory.pointer.unsafeAddress, point)).toEqual({ x: 1, y: 2 });
  });

  it("leave the padding of a struct at an address as it was", () => {
    const memory = alloc(4);
    memory.bytes.fill(9);
    store(memory.pointer.unsafeAddress, struct({ a: "int8", b: "int16" }), { a: 1, b: 2 });
    expect(Array.from(memory.bytes)).toEqual([1, 9, 2, 0]);
  });

  it("refuse strings where nothing keeps them alive", () => {
    const memory = alloc("pointer");
    store(memory, "string", "kept");
    expect(load(memory, "string")).toBe("kept");
    expect(() => store(memory.pointer.unsafeAddress, "string", "lost")).toThrow(
      "an address, because nothing would keep a string alive",
    );
  });

  it("refuse the null pointer and what is no address", () => {
    const code = (value: string) => expect.objectContaining({ code: value });
    expect(() => load(0n, "int8")).toThrow(code("ERR_FFI_INVALID_POINTER"));
    expect(() => store(0n, "int8", 1)).toThrow(code("ERR_FFI_INVALID_POINTER"));
    expect(() => load(5 as never, "int8")).toThrow(code("ERR_INVALID_ARG_TYPE"));
  });

  it("give accessors over memory at an address", () => {
    const memory = alloc(point);
    const view = viewAt(point, memory.pointer.unsafeAddress);
    view.x = 3;
    viewAt(point, memory.pointer).y = 4;
    expect(memory.value).toEqual({ x: 3, y: 4 });
    expect(bytesOf(view).byteLength).toBe(8);
    expect(strlen(memory)).toBe(1n);
  });
});
