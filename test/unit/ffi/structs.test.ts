import { afterAll, describe, expect, it } from "vitest";
import {
  alloc,
  array,
  DynamicLibrary,
  enumeration,
  pointer,
  struct,
} from "../../../src/ffi/index.js";
import { callsLibrary, openCalls } from "../../support/calls-library.js";

const { lib, functions: c } = openCalls();
const other = new DynamicLibrary(callsLibrary);
afterAll(() => {
  lib.close();
  other.close();
});

const Point = struct("point", { x: "double", y: "double" });

describe("a struct by value", () => {
  it("goes in and comes out, by a declaration and by a signature object", () => {
    const add = other.getFunction("add_points", { arguments: [Point, Point], return: Point });
    const sum = add({ x: 1, y: 2 }, { x: 0.5, y: -2 });
    expect(sum).toEqual({ x: 1.5, y: 0 });
    expect(c.addPoints({ x: 1, y: 2 }, { x: 0.5, y: -2 })).toEqual(sum);
  });

  it("goes in registers of both kinds, and in memory", () => {
    const mixed = { tag: -128, weight: 0.5, id: -(2n ** 63n) };
    expect(c.echoMixed(mixed)).toEqual(mixed);
    const numbers = Array.from({ length: 40 }, (_, index) => index - 20);
    expect(c.sumLarge({ numbers, total: 1 })).toEqual({ numbers, total: -20 });
  });

  it("may be a view, an allocation's value, an instance of a class or without a prototype", () => {
    const view = Point.view();
    view.x = 3;
    view.y = 4;
    class Vector {
      readonly x = 3;
      get y() {
        return 4;
      }
    }
    const bare = Object.assign(Object.create(null), { x: 3, y: 4 });
    for (const value of [view, new Vector(), bare, Object.freeze({ x: 3, y: 4, z: 5 })]) {
      expect(c.addPoints(value, { x: 0, y: 0 })).toEqual({ x: 3, y: 4 });
    }
  });

  it("gives objects of their own: the next call changes none", () => {
    const first = c.addPoints({ x: 1, y: 1 }, { x: 1, y: 1 });
    c.addPoints({ x: 9, y: 9 }, { x: 9, y: 9 });
    expect(first).toEqual({ x: 2, y: 2 });
    const huge = c.fillHuge(1) as { bytes: Uint8Array };
    c.fillHuge(2);
    expect(Array.from(huge.bytes).every((byte) => byte === 1)).toBe(true);
  });

  it("may be larger than the scratch space, in every call of many", () => {
    for (const byte of [0, 1, 255]) {
      const { bytes } = c.fillHuge(byte) as { bytes: Uint8Array };
      expect(bytes).toHaveLength(100_000);
      expect(Array.from(bytes).every((value) => value === byte)).toBe(true);
      expect(c.sumHuge({ bytes })).toBe(byte * 100_000);
    }
  });

  it.each<[string, unknown, RegExp]>([
    ["a missing field", { x: 1 }, /argument 1 \(a\)\.y must be a number, got undefined/],
    ["a field of a wrong type", { x: "1", y: 2 }, /\(a\)\.x must be a number, got a string/],
    [
      "null",
      null,
      /\(a\) must be an object with the fields x, y, or a view of struct point, got null/,
    ],
    ["a number", 5, /argument 1 \(a\) must be an object .* of struct point, got 5/],
  ])("refuses %s and names it", (_title, value, message) => {
    expect(() => c.addPoints(value, { x: 0, y: 0 })).toThrowError(
      expect.objectContaining({ code: "ERR_INVALID_ARG_VALUE" }),
    );
    expect(() => c.addPoints(value, { x: 0, y: 0 })).toThrowError(message);
  });

  it("names the place of a refused part deep inside", () => {
    const numbers: unknown[] = new Array(40).fill(0);
    numbers[7] = 2.5;
    expect(() => c.sumLarge({ numbers, total: 0 })).toThrowError(
      /argument 1 \(value\)\.numbers\[7\] must be an integer .*, got 2\.5/,
    );
  });
});

describe("a pointer to a struct or to numbers", () => {
  it("reads an object, an array of objects, a view and memory", () => {
    const flat = Float64Array.of(1, 2, 3, 4);
    expect(c.sumPoints({ x: 1, y: 2 }, 1)).toBe(3);
    expect(
      c.sumPoints(
        [
          { x: 1, y: 2 },
          { x: 3, y: 4 },
        ],
        2,
      ),
    ).toBe(10);
    expect(c.sumPoints(flat, 2)).toBe(10);
    expect(c.sumPoints(Point.view(flat, 16), 1)).toBe(7);
    expect(c.sumPoints(null, 0)).toBe(0);
  });

  it("writes C's changes back into objects and arrays", () => {
    const point = { x: 1, y: 2, label: "kept" };
    c.scalePoint(point, 2);
    expect(point).toEqual({ x: 2, y: 4, label: "kept" });
    const values = [1, 2, 3];
    c.doubleAll(values, 3);
    expect(values).toEqual([2, 4, 6]);
    const quotient = [0];
    const remainder = [0];
    c.divide(17, 5, quotient, remainder);
    expect([quotient, remainder]).toEqual([[3], [2]]);
  });

  it("takes frozen objects and arrays, which stay as they are", () => {
    const point = Object.freeze({ x: 1, y: 2 });
    c.scalePoint(point, 2);
    expect(point).toEqual({ x: 1, y: 2 });
    const values = Object.freeze([1, 2, 3]);
    c.doubleAll(values, 3);
    expect(values).toEqual([1, 2, 3]);
  });

  it("copies in the declared direction only", () => {
    const ways = (direction: "in" | "out" | "inout") =>
      new DynamicLibrary(callsLibrary).getFunction("double_all", {
        arguments: [pointer("int32", direction), "size"],
      });
    const values = () => [1, 2, 3];
    const [input, output, both] = [values(), values(), values()];
    ways("in")(input, 3);
    ways("out")(output, 3);
    ways("inout")(both, 3);
    expect([input, output, both]).toEqual([
      [1, 2, 3],
      [0, 0, 0],
      [2, 4, 6],
    ]);
  });

  it("refuses memory that is too small, and wrong elements by their place", () => {
    expect(() => c.sumPoints(new Uint8Array(15), 1)).toThrowError(/at least 16 bytes/);
    expect(() => c.sumPoints([{ x: 1, y: 2 }, { x: 1 }], 2)).toThrowError(
      /argument 1 \(points\)\[1\]\.y must be a number/,
    );
    expect(() => c.doubleAll([1, "2"], 2)).toThrowError(/argument 1 \(values\)\[1\]/);
    expect(() => c.sumPoints("text", 1)).toThrowError(/argument 1 \(points\) must be/);
  });

  it("takes allocated memory while it lives, and refuses it once it is freed", () => {
    const memory = alloc(Point);
    c.scalePoint(memory, 2);
    memory.free();
    expect(() => c.scalePoint(memory, 2)).toThrowError(/argument 1 \(point\)/);
    expect(() => c.sumPoints(memory, 1)).toThrowError(/argument 1 \(points\)/);
    return expect(c.scalePoint.async(memory, 2)).rejects.toThrowError(/argument 1 \(point\)/);
  });
});

describe("an enumeration", () => {
  const Color = enumeration({ RED: 1, GREEN: 5, BLUE: 9 });

  it("is a name or a number in, a number out", () => {
    const next = other.getFunction("next_color", { arguments: [Color], return: Color });
    expect([next("RED"), next(5), c.nextColor("BLUE")]).toEqual([5, 9, 1]);
  });

  it("refuses other names, those that every object has among them", () => {
    for (const name of ["PURPLE", "toString", "__proto__", "constructor", ""]) {
      expect(() => c.nextColor(name)).toThrowError(/one of RED, GREEN, BLUE/);
    }
  });
});

it("an array in a struct is checked for its length", () => {
  const Row = struct({ numbers: array("int32", 40), total: "double" });
  const sum = other.getFunction("sum_large", { arguments: [Row], return: Row });
  const numbers = new Int32Array(40).fill(2);
  expect(sum({ numbers, total: 0 }).total).toBe(80);
  for (const length of [39, 41]) {
    const wrong = { numbers: new Int32Array(length), total: 0 };
    expect(() => sum(wrong)).toThrowError(/argument 1\.numbers/);
  }
});
