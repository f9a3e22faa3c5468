import { describe, expect, it } from "vitest";
import {
  aligned,
  array,
  bits,
  packed,
  pointer,
  struct,
  union,
} from "../../../../src/ffi/types/constructors.js";
import { nativeValueOf } from "../../../../src/ffi/types/native-value.js";
import { scalarType } from "../../../../src/ffi/types/scalar.js";
import { decay } from "../../../../src/ffi/types/type-object.js";

describe("a type as native code takes it", () => {
  it("is a scalar's name, and a pointer's for everything behind one", () => {
    expect(nativeValueOf(scalarType("text"))).toBe("pointer");
    expect(nativeValueOf(scalarType("flag"))).toBe("uint8");
    expect(nativeValueOf(pointer("int8"))).toBe("pointer");
  });

  it("is an aggregate's size, alignments and scalars, in place", () => {
    const inner = struct({ a: array("int16", 2), b: "float32" });
    expect(nativeValueOf(struct({ p: "pointer", inner }))).toEqual([
      ...[16, 8, 8, "pointer", 0, "aggregate", 3, "int16", 8, "int16", 10, "float32", 12],
    ]);
    const outer = struct({ inner: array(struct({ inner: struct({ a: "int8" }) }), 2) });
    const one = (at: number) => ["aggregate", 1, "aggregate", 1, "int8", at];
    expect(nativeValueOf(outer)).toEqual([2, 1, 1, ...one(0), ...one(1)]);
    expect(nativeValueOf(union({ a: "int32", b: "float64" }))).toEqual([
      ...[8, 8, 8, "int32", 0, "float64", 0],
    ]);
  });

  it("tells the alignment of an aggregate as a whole from that of its members", () => {
    const whole = struct({ a: "int64" }, { alignment: 32 });
    expect(nativeValueOf(whole)).toEqual([32, 32, 8, "int64", 0]);
    expect(nativeValueOf(struct({ a: aligned("int64", 16) }))).toEqual([16, 16, 16, "int64", 0]);
    expect(nativeValueOf(struct({ whole }))).toEqual([32, 32, 32, "aggregate", 1, "int64", 0]);
  });

  it("has the bytes of a bit-field as integers, wherever they are", () => {
    // By Microsoft's compiler it opens a unit of its type's size.
    const size = process.platform === "win32" ? 5 : 4;
    expect(nativeValueOf(packed({ a: "uint8", b: bits("uint32", 17) }))).toEqual([
      ...[size, 1, 1, "uint8", 0, "uint8", 1, "uint8", 2, "uint8", 3],
    ]);
  });

  it("has no scalars of what is too large for registers", () => {
    expect(nativeValueOf(struct({ a: array("int8", 65) }))).toEqual([65, 1, 1]);
  });

  it("is a pointer in place of an array parameter", () => {
    const decayed = decay(array(array("int32", 3), 2));
    expect(decayed).toMatchObject({ kind: "pointer", name: "int32_t[3] *", size: 8 });
    expect(() => nativeValueOf(array("int8", 2))).toThrow("not passed by value");
  });
});
