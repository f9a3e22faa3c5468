import { describe, expect, it } from "vitest";
import { callback } from "../../../../src/ffi/types/callback.js";
import { codecOf } from "../../../../src/ffi/types/codec.js";
import { array, bits, pointer, struct, union } from "../../../../src/ffi/types/constructors.js";
import type { CType, WriteContext } from "../../../../src/ffi/types/ctype.js";
import { enumeration } from "../../../../src/ffi/types/enumeration.js";
import { readExtended, writeExtended } from "../../../../src/ffi/types/extended.js";
import { scalarType } from "../../../../src/ffi/types/scalar.js";
import { toObject } from "../../../../src/ffi/types/to-object.js";

const context: WriteContext = {
  refuse(path, expected) {
    throw new Error(`value${path} must be ${expected}`);
  },
  addressOf: (value) => (typeof value === "string" ? BigInt(value.length) : 7n),
};

/** Writes a value at an odd place and reads it back. */
function roundTrip(type: CType, value: unknown): unknown {
  const memory = new DataView(new ArrayBuffer(type.size + 3));
  codecOf(type).write(memory, 3, value, context);
  return codecOf(type).read(memory, 3);
}

function bytesOf(type: CType, value: unknown): number[] {
  const memory = new DataView(new ArrayBuffer(type.size));
  new Uint8Array(memory.buffer).fill(0xee);
  codecOf(type).write(memory, 0, value, context);
  return Array.from(new Uint8Array(memory.buffer));
}

const point = struct("point", { x: "float64", y: "float64" });

describe("a struct's codec", () => {
  it("gives back what was written, nested and in arrays", () => {
    const type = struct({
      points: array(point, 2),
      size: "size_t",
      wide: "int64",
      flag: "bool",
      color: enumeration({ red: 2, green: 3 }),
    });
    const value = {
      points: [
        { x: 1, y: 2 },
        { x: 3, y: 4 },
      ],
      size: 2 ** 40,
      wide: -5n,
      flag: true,
      color: 3,
    };
    expect(roundTrip(type, { ...value, color: "green" })).toEqual(value);
  });

  it("leaves padding as it was", () => {
    expect(bytesOf(struct({ a: "int8", b: "int16" }), { a: 1, b: 2 })).toEqual([1, 0xee, 2, 0]);
  });

  it("takes the fields of an anonymous member as its own", () => {
    const type = struct([
      ["kind", "int32"],
      [undefined, struct({ low: "int16", high: "int16" })],
    ]);
    expect(roundTrip(type, { kind: 1, low: 2, high: 3 })).toEqual({ kind: 1, low: 2, high: 3 });
  });

  it("takes inherited fields and ignores surplus ones", () => {
    class Place {
      get x() {
        return 1;
      }
      y = 2;
      label = "surplus";
    }
    expect(roundTrip(point, new Place())).toEqual({ x: 1, y: 2 });
  });

  it.each([
    [{ x: 1 }, "value.y must be a number"],
    [{ x: 1, z: 2 }, 'an object with the fields x, y, of which y is missing and "z" is none'],
    [{ x: 1, y: "2" }, "value.y must be a number"],
    [null, "value must be an object with the fields x, y, or a view of struct point"],
    [5, "value must be an object"],
    [[1, 2], "is missing"],
  ])("refuses %j and says why", (value, message) => {
    expect(() => roundTrip(point, value)).toThrow(message);
  });

  it("names the path of a refused part", () => {
    const type = struct({ lines: array(struct({ ends: array(point, 2) }), 1) });
    const value = {
      lines: [
        {
          ends: [
            { x: 1, y: 2 },
            { x: 1, y: null },
          ],
        },
      ],
    };
    expect(() => roundTrip(type, value)).toThrow("value.lines[0].ends[1].y must be a number");
  });

  it("refuses a value for a flexible member, which has no memory", () => {
    const type = struct({ length: "int32", data: array("uint8") });
    expect(roundTrip(type, { length: 1 })).toEqual({ length: 1 });
    expect(() => roundTrip(type, { length: 1, data: [1] })).toThrow("value.data must be left out");
  });

  it("writes bit-fields without touching the bits beside them", () => {
    const type = struct({ a: bits("uint32", 3), b: bits("int32", 5), c: bits("bool", 1) });
    expect(roundTrip(type, { a: 5, b: -16, c: true })).toEqual({ a: 5, b: -16, c: true });
    expect(() => roundTrip(type, { a: 8, b: 0, c: true })).toThrow(
      "value.a must be an integer from 0 to 7 (3 bits)",
    );
    expect(() => roundTrip(type, { a: 0, b: 16, c: true })).toThrow("from -16 to 15 (5 bits)");
    expect(() => roundTrip(type, { a: 0, b: 0, c: 1 })).toThrow("value.c must be true or false");
  });
});

describe("a union's codec", () => {
  const number = union("number", { whole: "int32", wide: "int64", text: "string" });

  it("takes exactly one member and zeroes the rest", () => {
    expect(bytesOf(number, { whole: -1 })).toEqual([255, 255, 255, 255, 0, 0, 0, 0]);
    expect(() => roundTrip(number, {})).toThrow("an object with exactly one of whole, wide, text");
    expect(() => roundTrip(number, {})).toThrow("a view of union number (it has none)");
    expect(() => roundTrip(number, { whole: 1, wide: 2n })).toThrow("(it has whole, wide)");
  });

  it("gives accessors, so that no member is read unasked, and takes them back", () => {
    const read = roundTrip(number, { whole: 7 }) as { whole: number; wide: bigint };
    expect([read.whole, read.wide]).toEqual([7, 7n]);
    expect(toObject(read)).toEqual({ whole: 7, wide: 7n });
    expect(toObject(roundTrip(number, read) as object)).toEqual({ whole: 7, wide: 7n });
  });

  it("may be anonymous in a struct", () => {
    const type = struct([
      ["kind", "int32"],
      [undefined, union({ whole: "int32", real: "float32" })],
    ]);
    const read = roundTrip(type, { kind: 1, real: 0.5 }) as { kind: number; real: number };
    expect([read.kind, read.real]).toEqual([1, 0.5]);
    expect(() => roundTrip(type, { kind: 1 })).toThrow("exactly one of");
  });
});

describe("an array's codec", () => {
  it("takes typed arrays of its elements, of all dimensions in one", () => {
    const matrix = array(array("float32", 2), 2);
    const rows = [
      [1, 2],
      [3, 4],
    ];
    expect(roundTrip(matrix, Float32Array.from([1, 2, 3, 4]))).toEqual(rows);
    expect(roundTrip(matrix, rows)).toEqual(rows);
    expect(() => roundTrip(matrix, new Float64Array(2))).toThrow("an array of 2 (float[2][2])");
  });

  it("gives bytes as a copy", () => {
    expect(roundTrip(array("uint8", 3), [1, 2, 3])).toEqual(Uint8Array.of(1, 2, 3));
  });

  it("refuses another length, holes, and elements that do not fit", () => {
    const type = array("uint8", 2);
    expect(() => roundTrip(type, [1])).toThrow("value must be an array of 2 (uint8_t[2])");
    expect(() => roundTrip(type, new Array(2))).toThrow("value[0] must be an integer");
    expect(() => roundTrip(type, [1, 256])).toThrow("value[1] must be an integer from 0 to 255");
  });

  it("of char is text", () => {
    const type = array("char", 6);
    expect(bytesOf(type, "añ")).toEqual([0x61, 0xc3, 0xb1, 0, 0, 0]);
    expect(["añ", "", "abcdef", "日本"].map((text) => roundTrip(type, text))).toEqual([
      "añ",
      "",
      "abcdef",
      "日本",
    ]);
    expect(roundTrip(type, [104, 105, 0, 1, 1, 1])).toBe("hi");
    expect(roundTrip(type, Buffer.from("a\0bcde"))).toBe("a");
    expect(() => roundTrip(type, "1234567")).toThrow("a string of at most 6 bytes in UTF-8");
    expect(() => roundTrip(type, "a\0")).toThrow("a string without a NUL character");
  });
});

describe("the codec of pointers", () => {
  it("takes addresses, null, and what the context can keep alive", () => {
    const type = pointer("int32");
    expect([5n, null, "abcd", new Uint8Array(1)].map((value) => roundTrip(type, value))).toEqual([
      5n,
      0n,
      4n,
      7n,
    ]);
    expect(() => roundTrip(type, 2n ** 64n)).toThrow("an address from 0 to 18446744073709551615");
    expect(() => roundTrip(type, 5)).toThrow("value must be an address (a bigint), a pointer");
  });

  it("sends functions to registerCallback", () => {
    const type = callback({ arguments: ["int32"], return: "int32" });
    expect([roundTrip(type, 5n), roundTrip(type, null)]).toEqual([5n, 0n]);
    expect(() => roundTrip(type, () => 1)).toThrow("registerCallback gives a function's address");
  });

  it("gives null for text at the null pointer", () => {
    expect(roundTrip(struct({ name: "string" }), { name: null })).toEqual({ name: null });
  });
});

describe("the codec of an enumeration", () => {
  it("refuses a name that is no member, inherited ones too", () => {
    const type = enumeration({ red: 1, green: 2 });
    // As Microsoft's compilers do, Windows has an int for every enumeration.
    const first = process.platform === "win32" ? "-2147483648" : "0";
    const range = `one of red, green, or an integer from ${first} to`;
    expect(() => roundTrip(type, "blue")).toThrow(range);
    expect(() => roundTrip(type, "toString")).toThrow("one of red, green");
    expect(roundTrip(type, 9)).toBe(9);
  });
});

describe("a long double", () => {
  it.each([
    0,
    -0,
    1,
    -1.5,
    Math.PI,
    5e-324,
    -2.5e-310,
    2 ** -1022,
    Number.MAX_VALUE,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    Number.NaN,
  ])("holds %d exactly", (value) => {
    const memory = new DataView(new ArrayBuffer(16));
    writeExtended(memory, 0, value);
    expect(readExtended(memory, 0)).toBe(value);
  });

  it("is rounded to the nearest double, ties to even", () => {
    const memory = new DataView(new ArrayBuffer(16));
    const read = (significand: bigint, exponent: number) => {
      memory.setBigUint64(0, significand, true);
      memory.setUint16(8, exponent, true);
      return readExtended(memory, 0);
    };
    const one = 1n << 63n;
    expect(read(one + (1n << 10n), 16383)).toBe(1);
    expect(read(one + (1n << 10n) + 1n, 16383)).toBe(1 + 2 ** -52);
    expect(read(one + (3n << 10n), 16383)).toBe(1 + 2 ** -51);
    expect(read(2n ** 64n - 1n, 16383 + 1023)).toBe(Number.POSITIVE_INFINITY);
    expect(read(one, 1)).toBe(0);
  });

  it("is a scalar of sixteen bytes", () => {
    expect(roundTrip(scalarType("extended"), 0.1)).toBe(0.1);
    expect(scalarType("extended").size).toBe(16);
  });
});
