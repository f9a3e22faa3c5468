import { afterAll, describe, expect, it } from "vitest";
import { DynamicLibrary, struct } from "../../../src/ffi/index.js";
import { callsLibrary, openCalls } from "../../support/calls-library.js";
import { collectNow } from "../../support/collect-garbage.js";
import { compileSource } from "../../support/compile.js";

const { lib, functions: c } = openCalls();
afterAll(() => lib.close());

const weighColumns = () => [
  Int8Array.of(-128, 127, 0),
  Uint8Array.of(0, 255, 1),
  Int16Array.of(-32768, 32767, 1),
  Uint16Array.of(0, 65535, 1),
  Int32Array.of(-(2 ** 31), 2 ** 31 - 1, 1),
  Uint32Array.of(0, 2 ** 32 - 1, 1),
  BigInt64Array.of(-5n, 5n, 1n << 40n),
  BigUint64Array.of(0n, 1n << 50n, 1n),
  Float32Array.of(0.5, -0.25, 1e10),
  Float64Array.of(1.5, -2.5, 1e100),
  Uint8Array.of(0, 1, 0),
];

interface Mapped {
  (...args: unknown[]): unknown;
  map(columns: unknown[]): Iterable<unknown>;
}

/** The rows of columns, as the arguments of single calls. */
function rowsOf(columns: readonly unknown[], count: number): unknown[][] {
  return Array.from({ length: count }, (_, row) =>
    columns.map((column) => (ArrayBuffer.isView(column) ? (column as Uint8Array)[row] : column)),
  );
}

describe("map", () => {
  it("gives the same as a loop, with a column of every type", () => {
    const columns = weighColumns();
    const results = c.weigh.map(columns);
    const rows = rowsOf(columns, 3).map((row) => [...row.slice(0, 10), row[10] === 1]);
    expect(results).toEqual(Float64Array.from(rows, (row) => c.weigh(...row) as number));
  });

  it.each([
    { type: "int32", values: Int32Array.of(-7, 2 ** 31 - 1, 3) },
    { type: "uint32", values: Uint32Array.of(7, 2 ** 32 - 1, 3) },
    { type: "int64", values: BigInt64Array.of(-7n, 2n ** 62n, 3n) },
    { type: "float", values: Float32Array.of(-0.5, 1e30, 3) },
    { type: "double", values: Float64Array.of(-0.5, 1e300, Number.NaN) },
  ])("gives the same as a loop for one to five arguments of $type, some constant", (each) => {
    const type = each.type as "double";
    const { values } = each;
    const names = [1, 2, 3, 4, 5].map((count) => {
      const letters = ["a", "b", "c", "d", "e"].slice(0, count);
      const parameters = letters.map((letter) => `C ${letter}`).join(", ");
      // Each argument has another weight: two that changed places would show.
      const sum = letters.map((letter, index) => `${letter} * ${index + 1}`).join(" + ");
      return `C sum${count}(${parameters}) { return ${sum}; }`;
    });
    const cType = type.includes("int") ? `u${type.replace(/^u/, "")}_t` : type;
    const source = `#include <stdint.h>\ntypedef ${cType} C;\n${names.join("\n")}`;
    const library = new DynamicLibrary(compileSource(`map-${type}`, source));
    for (const count of [1, 2, 3, 4, 5]) {
      const sum = library.getFunction(`sum${count}`, {
        arguments: Array.from({ length: count }, () => type),
        return: type,
      }) as unknown as Mapped;
      for (let constant = -1; constant < count; constant++) {
        const columns = Array.from({ length: count }, (_, index) =>
          index === constant ? values[1] : values,
        );
        if (constant === 0 && count === 1) continue;
        const loop = rowsOf(columns, values.length).map((row) => sum(...row));
        expect([...sum.map(columns)]).toEqual(loop);
      }
    }
    library.close();
  });

  it("takes constants among columns, text and structs too", () => {
    const numbers = Int32Array.of(1, -2, 3);
    expect(c.textAndNumber.map(["abc", numbers])).toEqual(Int32Array.of(301, 298, 303));
    const long = "é".repeat(60_000);
    expect(c.textAndNumber.map([long, numbers])).toEqual(
      Int32Array.of(12_000_001, 11_999_998, 12_000_003),
    );
    const points = [
      { x: 1, y: 2 },
      { x: 3, y: 4 },
    ];
    expect(c.sumPoints.map([points, BigUint64Array.of(0n, 1n, 2n)])).toEqual(
      Float64Array.of(0, 3, 10),
    );
  });

  it("gives a typed array of the result's type", () => {
    expect(c.echoUint8.map([Uint8Array.of(1, 255)])).toEqual(Uint8Array.of(1, 255));
    expect(c.echoUint8.map([Uint8ClampedArray.of(1, 255)])).toEqual(Uint8Array.of(1, 255));
    expect(c.echoInt16.map([Int16Array.of(-1, 5)])).toEqual(Int16Array.of(-1, 5));
    expect(c.echoInt64.map([BigInt64Array.of(-1n, 5n)])).toEqual(BigInt64Array.of(-1n, 5n));
    expect(c.negate.map([Uint8Array.of(0, 1)])).toEqual(Uint8Array.of(1, 0));
    expect(c.halfFloat.map([Float32Array.of(1, 3)])).toEqual(Float32Array.of(0.5, 1.5));
    expect(c.callEach.map([0n, Int32Array.of()])).toEqual(new Int32Array(0));
  });

  it("fills `out`, drops results for null, and takes the count from `out` alone", () => {
    const out = new Int16Array(2);
    expect(c.echoInt16.map([Int16Array.of(7, 8)], out)).toBe(out);
    expect([...out]).toEqual([7, 8]);
    expect(c.echoInt16.map([Int16Array.of(7, 8)], null)).toBeUndefined();
    expect([...(c.echoInt16.map([9], new Int16Array(3)) as Int16Array)]).toEqual([9, 9, 9]);
  });

  it("takes the bytes of structs as a column", () => {
    const library = new DynamicLibrary(callsLibrary);
    const Pair = struct({ a: "int32", b: "int32" });
    const Point = struct({ x: "double", y: "double" });
    // A struct of two integers goes in one register, as an int64 does; of two doubles, in two, and by
    // Microsoft's convention behind a pointer.
    const halve = library.getFunction("echo_int64", { arguments: [Pair], return: "int64" });
    const pairs = Int32Array.of(1, 2, 3, 4);
    expect((halve.map as unknown as (columns: unknown[]) => unknown)([pairs])).toEqual(
      BigInt64Array.of((2n << 32n) | 1n, (4n << 32n) | 3n),
    );
    const first = library.getFunction("half_float", { arguments: [Point], return: "float" });
    const view = new Uint8Array(17);
    expect(() => (first.map as unknown as (columns: unknown[]) => unknown)([view])).toThrowError(
      process.platform === "win32"
        ? /argument 1 cannot be a column here: C takes this struct by reference/
        : /argument 1 must hold whole values of 16 bytes/,
    );
    library.close();
  });

  it.each<[string, () => unknown, RegExp]>([
    [
      "columns of other lengths",
      () => c.divide.map([new Int32Array(2), new Int32Array(3), 0n, 0n]),
      /argument 2 \(b\) must have 2 elements/,
    ],
    [
      "an out of another length",
      () => c.echoInt16.map([new Int16Array(2)], new Int16Array(3)),
      /out must have 2 elements, got 3/,
    ],
    [
      "an out of another type",
      () => c.echoInt16.map([new Int16Array(2)], new Int32Array(2)),
      /out must be an Int16Array/,
    ],
    [
      "a column of another type",
      () => c.echoInt16.map([new Int32Array(2)]),
      /must be an Int16Array or a constant/,
    ],
    [
      "a constant out of range",
      () => c.echoInt16.map([99_999], new Int16Array(2)),
      /an integer from -32768 to 32767/,
    ],
    ["too few columns", () => c.divide.map([new Int32Array(2)]), /expected 4 arguments, got 1/],
    ["what is no list", () => c.echoInt16.map(5), /expected 1 argument, got 0/],
    [
      "an element that is no bool",
      () => c.negate.map([Uint8Array.of(0, 2)]),
      /\[1\] must be 0 or 1/,
    ],
    [
      "a struct result",
      () =>
        c.addPoints.map([
          { x: 1, y: 1 },
          { x: 1, y: 1 },
        ]),
      /one number a call/,
    ],
    [
      "an out of a void function",
      () => c.doubleAll.map([0n, 0], new Int32Array(1)),
      /the function returns nothing/,
    ],
    ["a variadic function", () => c.sumAll.map([1]), /signature object/],
    ["text as a result", () => c.echoWide.map(["a"]), /gives numbers/],
  ])("refuses %s", (_title, call, message) => {
    expect(call).toThrowError(message);
  });

  it("refuses detached columns", () => {
    const column = new Int16Array(4);
    structuredClone(column.buffer, { transfer: [column.buffer] });
    const gone = "bytes that are not detached, got a detached buffer or freed memory";
    expect(() => c.echoInt16.map([column])).toThrowError(
      `echo_int16.map: argument 1 (x) must be ${gone}`,
    );
    expect(() => c.echoInt16.map([new Int16Array(4)], column)).toThrowError(`out must be ${gone}`);
  });

  it("refuses a closed library", () => {
    const other = openCalls();
    other.lib.close();
    expect(() => other.functions.echoInt16.map([new Int16Array(4)])).toThrowError(
      expect.objectContaining({ code: "ERR_FFI_LIBRARY_CLOSED" }),
    );
  });
});

describe("callbacks inside map", () => {
  it("may make other calls of every kind: the map goes on unharmed", () => {
    const column = Int32Array.from({ length: 200 }, (_, index) => index);
    const busy = (x: number) => {
      if (x % 50 === 0) collectNow();
      expect(c.echoInt16.map([Int16Array.of(x, x)])).toEqual(Int16Array.of(x, x));
      expect(c.addPoints({ x, y: 1 }, { x: 1, y: x })).toEqual({ x: x + 1, y: x + 1 });
      return Number(c.textAndNumber("é".repeat(30), x));
    };
    expect(c.call.map([busy, column])).toEqual(column.map((x) => x + 6000));
  });

  it("end it where they throw; what was done stays", () => {
    const column = Int32Array.of(0, 1, 2, 3);
    const out = new Int32Array(4).fill(-1);
    const stop = (x: number) => {
      if (x === 2) throw new Error("stop");
      return x * 10;
    };
    expect(() => c.call.map([stop, column], out)).toThrowError("stop");
    expect([...out]).toEqual([0, 10, -1, -1]);
  });

  it("may change columns, and refuse what they detach", () => {
    const column = Int32Array.of(0, 1, 2, 3);
    const change = (x: number) => {
      if (x === 0) column[3] = 99;
      return x;
    };
    expect([...(c.call.map([change, column]) as Int32Array)]).toEqual([0, 1, 2, 99]);
    const detach = (x: number) => {
      if (x === 1) structuredClone(column.buffer, { transfer: [column.buffer] });
      return x;
    };
    expect(() => c.call.map([detach, column])).toThrowError();
    expect(c.call((x: number) => x + 1, 1)).toBe(2);
  });
});

describe("map.async", () => {
  it("gives what map gives, split over threads", async () => {
    const columns = [
      Int32Array.from({ length: 20_000 }, (_, index) => index * 7),
      Int32Array.from({ length: 20_000 }, (_, index) => (index % 13) + 1),
    ];
    const numbers = columns[0] as Int32Array;
    expect(await c.textAndNumber.map.async(["é".repeat(50), numbers])).toEqual(
      c.textAndNumber.map(["é".repeat(50), numbers]),
    );
    expect(await c.weigh.map.async(weighColumns())).toEqual(c.weigh.map(weighColumns()));
    const out = new Int16Array(3000);
    expect(await c.echoInt16.map.async([5], out)).toBe(out);
    expect(out.every((value) => value === 5)).toBe(true);
    expect(await c.echoInt16.map.async([5], null)).toBeUndefined();
  });

  it("is done at once without rows", async () => {
    expect(await c.echoInt16.map.async([new Int16Array(0)])).toEqual(new Int16Array(0));
  });

  it("leaves the frame to other calls while it runs", async () => {
    const column = Int32Array.from({ length: 30_000 }, (_, index) => index);
    const expected = column.map((x) => x + 12_000);
    const pending = Array.from({ length: 8 }, () =>
      c.textAndNumber.map.async(["é".repeat(60), column]),
    );
    for (let round = 0; round < 200; round++) {
      expect(c.textAndNumber("é".repeat(40), round)).toBe(8000 + round);
      expect(c.call((x: number) => x + 1, round)).toBe(round + 1);
      if (round % 20 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    for (const result of await Promise.all(pending)) expect(result).toEqual(expected);
  });

  it("runs callbacks on JavaScript's thread and rejects with what they throw", async () => {
    const column = Int32Array.from({ length: 2000 }, (_, index) => index);
    expect(await c.call.map.async([(x: number) => x + 1, column])).toEqual(
      column.map((x) => x + 1),
    );
    const error = new Error("stop");
    const stop = (x: number) => {
      if (x === 700) throw error;
      return x;
    };
    await expect(c.call.map.async([stop, column])).rejects.toBe(error);
    expect(c.call((x: number) => x + 1, 1)).toBe(2);
  });

  it("rejects with what map throws", async () => {
    await expect(c.echoInt16.map.async([new Int32Array(1)])).rejects.toThrowError("Int16Array");
    const other = new DynamicLibrary(callsLibrary);
    const single = other.getFunction("int16_t echo_int16(int16_t x)");
    await expect(single.map.async([new Int16Array(1)])).rejects.toThrowError("threadSafe: true");
    other.close();
  });
});
