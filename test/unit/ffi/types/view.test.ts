import assert from "node:assert";
import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { array, bits, packed, struct, union } from "../../../../src/ffi/types/constructors.js";
import { toObject } from "../../../../src/ffi/types/to-object.js";
import { bytesOf } from "../../../../src/ffi/types/views.js";

const point = struct("point", { x: "float64", y: "float64" });
const line = struct("line", {
  from: point,
  to: point,
  name: array("char", 8),
  weights: array("float32", 2),
  corners: array(point, 2),
  width: bits("uint8", 4),
});

describe("a view", () => {
  it("reads and writes the memory it was made over", () => {
    const buffer = new ArrayBuffer(40);
    const view = point.view(buffer, 8);
    view.x = 1.5;
    expect(new DataView(buffer).getFloat64(8, true)).toBe(1.5);
    new DataView(buffer).setFloat64(16, 2.5, true);
    expect(view.y).toBe(2.5);
    expect(bytesOf(view).byteOffset).toBe(8);
    expect(bytesOf(view).byteLength).toBe(16);
  });

  it("starts at the offset of a view of a buffer", () => {
    const buffer = new ArrayBuffer(40);
    point.view(new Uint8Array(buffer, 8, 32), 16).y = 3;
    expect(new DataView(buffer).getFloat64(32, true)).toBe(3);
  });

  it("shows structs and arrays in it as views, text as text", () => {
    const view = line.view();
    view.from.x = 1;
    view.to = { x: 2, y: 3 };
    view.name = "edge";
    view.weights[1] = 0.5;
    Object.assign(view, {
      corners: [
        { x: 4, y: 5 },
        { x: 6, y: 7 },
      ],
    });
    view.width = 9;
    expect(view.from).toBe(view.from);
    expect(toObject(view)).toEqual({
      from: { x: 1, y: 0 },
      to: { x: 2, y: 3 },
      name: "edge",
      weights: Float32Array.of(0, 0.5),
      corners: [
        { x: 4, y: 5 },
        { x: 6, y: 7 },
      ],
      width: 9,
    });
    expect(inspect(view.to)).toBe("{ x: 2, y: 3 }");
  });

  it("is copied whole where its type is expected", () => {
    const source = line.view();
    source.from = { x: 8, y: 9 };
    const target = line.view();
    target.from = source.from;
    expect(target.from.y).toBe(9);
  });

  it("refuses wrong values, naming the field", () => {
    const view = line.view();
    expect(() => Object.assign(view, { width: 16 })).toThrow(
      "struct line.width must be an integer from 0 to 15 (4 bits), got 16",
    );
    expect(() => Object.assign(view.to, { x: "1" })).toThrow(
      "struct point.x must be a number, got a string of 1 character",
    );
  });

  it("is checked against the bounds of its memory", () => {
    expect(() => point.view(new ArrayBuffer(15))).toThrow(
      "memory must have at least 16 bytes for struct point, got 15",
    );
    expect(() => point.view(new ArrayBuffer(20), 5)).toThrow(
      "byteOffset must be an integer from 0 to 4, got 5",
    );
    expect(() => point.view("memory" as never)).toThrow("memory must be a buffer");
  });

  it("shows every member of a union", () => {
    const view = union({ whole: "uint32", bytes: array("uint8", 4) }).view();
    view.whole = 0x01020304;
    expect(Array.from(view.bytes)).toEqual([4, 3, 2, 1]);
  });

  it("gives a flexible last member the rest of the memory", () => {
    const packet = struct({ length: "uint16", data: array("uint16") });
    const view = packet.view(new ArrayBuffer(10));
    expect(view.data.length).toBe(4);
  });

  it("has fields of any name", () => {
    const names = {
      constructor: "int32",
      toString: "int32",
      bytes: "int32",
      toJSON: "int32",
    } as const;
    const view = struct(names).view();
    view.constructor = 5;
    view.bytes = 6;
    view.toJSON = 7;
    expect([view.constructor, view.toString, view.bytes, view.toJSON]).toEqual([5, 0, 6, 7]);
    expect(toObject(view)).toEqual({ constructor: 5, toString: 0, bytes: 6, toJSON: 7 });
  });

  it("is its fields in JSON, arrays of numbers as lists", () => {
    const view = line.view();
    view.from = { x: 1, y: Number.NaN };
    view.name = "edge";
    view.weights[1] = 0.5;
    const zero = { x: 0, y: 0 };
    expect(JSON.parse(JSON.stringify({ view }))).toEqual({
      view: {
        from: { x: 1, y: null },
        to: zero,
        name: "edge",
        weights: [0, 0.5],
        corners: [zero, zero],
        width: 0,
      },
    });
    expect(JSON.stringify(view.corners)).toBe('[{"x":0,"y":0},{"x":0,"y":0}]');
    expect(JSON.stringify(array("uint8", 2).view())).toBe('{"0":0,"1":0}'); // A Uint8Array.
  });

  it("is refused by JSON where a number is a bigint, unless it is replaced", () => {
    const view = struct({ seconds: "int64" }).view();
    expect(() => JSON.stringify(view)).toThrow("BigInt");
    const replacer = (_name: string, value: unknown) =>
      typeof value === "bigint" ? Number(value) : value;
    expect(JSON.stringify(view, replacer)).toBe('{"seconds":0}');
  });

  it("equals another with the same bytes, whatever was read of either, and no other", () => {
    const [first, second] = [line.view(), line.view()];
    expect(first.from.x + first.weights.length).toBe(2);
    expect(first).toEqual(second);
    assert.deepStrictEqual(first, second);
    second.to.y = 1;
    expect(first).not.toEqual(second);
    assert.notDeepStrictEqual(first, second);
  });

  it("keeps its own memory when properties of another are assigned to it", () => {
    const [first, second] = [point.view(), point.view()];
    second.x = 1;
    Object.assign(first, second);
    second.y = 2;
    expect([first.x, first.y]).toEqual([0, 0]);
  });
});

describe("a view of an array", () => {
  it("has at, set, length and iteration where no typed array fits", () => {
    const view = array(point, 3).view();
    view.set(1, { x: 1, y: 2 });
    expect(view.length).toBe(3);
    expect(view.at(1).y).toBe(2);
    expect(Array.from(view, ({ x }) => x)).toEqual([0, 1, 0]);
    expect(() => view.at(3)).toThrow("index must be an integer from 0 to 2, got 3");
    expect(() => view.set(0, { x: 1 } as never)).toThrow("[0].y must be a number, got undefined");
  });

  it("is one with at and set where the memory is not aligned", () => {
    const view = packed({ tag: "int8", values: array("int32", 2) }).view();
    const values = view.values as unknown as { set(index: number, value: number): void };
    values.set(1, -7);
    expect(toObject(view)).toEqual({ tag: 0, values: [0, -7] });
  });
});
