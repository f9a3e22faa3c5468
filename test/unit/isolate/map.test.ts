import { afterAll, describe, expect, it } from "vitest";
import { dlopen, struct } from "../../../src/ffi/index.js";
import { HelperEndedError, Isolate } from "../../../src/isolate/index.js";
import { openCalls, openIsolatedCalls } from "../../support/calls-library.js";
import { compileSource } from "../../support/compile.js";
import { sharesMemory } from "../../support/shares-memory.js";

const isolate = new Isolate();
const near = openCalls();
const far = openIsolatedCalls(isolate);
afterAll(() => {
  near.lib.close();
  isolate.close();
});
type Functions = typeof near.functions;

const numbers = () => Int32Array.of(1, -2, 3);
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
const points = [
  { x: 1, y: 2 },
  { x: 3, y: 4 },
];

/** Columns, and `out` where there is one, made anew for each call. */
type Case = readonly [
  title: string,
  name: keyof Functions,
  () => readonly [columns: unknown, out?: unknown],
];

const taken: Case[] = [
  ["a column of every type", "weigh", () => [weighColumns()]],
  ["a constant among columns", "weigh", () => [weighColumns().with(9, 0.5 as never)]],
  ["text and a column", "textAndNumber", () => [["abc", numbers()]]],
  ["long text", "textAndNumber", () => [["é".repeat(60_000), numbers()]]],
  ["structs and a column", "sumPoints", () => [[points, BigUint64Array.of(0n, 1n, 2n)]]],
  ["bytes", "echoUint8", () => [[Uint8ClampedArray.of(1, 255)]]],
  ["64-bit integers", "echoInt64", () => [[BigInt64Array.of(-1n, 5n)]]],
  ["flags", "negate", () => [[Uint8Array.of(0, 1)]]],
  ["single precision", "halfFloat", () => [[Float32Array.of(1, Number.NaN)]]],
  ["no rows", "echoInt16", () => [[new Int16Array(0)]]],
  ["an out", "echoInt16", () => [[Int16Array.of(7, 8)], new Int16Array(2)]],
  ["null for an out", "echoInt16", () => [[Int16Array.of(7, 8)], null]],
  ["the count of an out", "echoInt16", () => [[9], new Int16Array(3)]],
  ["a part of a buffer as out", "echoInt16", () => [[9], new Int16Array(9).subarray(2, 5)]],
];

const refused: Case[] = [
  ["columns of other lengths", "divide", () => [[new Int32Array(2), new Int32Array(3), 0n, 0n]]],
  ["an out of another length", "echoInt16", () => [[new Int16Array(2)], new Int16Array(3)]],
  ["an out of another type", "echoInt16", () => [[new Int16Array(2)], new Int32Array(2)]],
  ["a column of another type", "echoInt16", () => [[new Int32Array(2)]]],
  ["a constant out of range", "echoInt16", () => [[99_999], new Int16Array(2)]],
  ["too few columns", "divide", () => [[new Int32Array(2)]]],
  ["what is no list", "echoInt16", () => [5]],
  ["an element that is no bool", "negate", () => [[Uint8Array.of(0, 2)]]],
  ["a struct result", "addPoints", () => [[points[0], points[1]]]],
  ["an out of a void function", "doubleAll", () => [[0n, 0], new Int32Array(1)]],
  ["a variadic function", "sumAll", () => [[1]]],
  ["text as a result", "echoWide", () => [["a"]]],
];

/** What a call gives, with `out` as it is then, or what it throws. */
function outcome(functions: Functions, [, name, make]: Case) {
  const [columns, out] = make();
  try {
    return { result: functions[name].map(columns, out), out };
  } catch (error) {
    return { error: String(error) };
  }
}

describe("map in a helper process", () => {
  it.each(taken)("gives what it gives in this process for %s", async (...each) => {
    const expected = outcome(near.functions, each);
    expect(expected.error).toBeUndefined();
    expect(outcome(far.functions, each)).toEqual(expected);
    const [, name, make] = each;
    const [columns, out] = make();
    expect(await far.functions[name].map.async(columns, out)).toEqual(expected.result);
    expect(out).toEqual(expected.out);
  });

  it.each(refused)("refuses %s in the same words", async (...each) => {
    const expected = outcome(near.functions, each);
    expect(expected.error).toMatch(/Error: /);
    expect(outcome(far.functions, each)).toEqual(expected);
    const [, name, make] = each;
    const [columns, out] = make();
    const message = await far.functions[name].map.async(columns, out).catch(String);
    expect(message).toBe(expected.error);
  });

  it("takes the bytes of structs as a column", () => {
    const Pair = struct({ a: "int32", b: "int32" });
    const { functions, lib } = dlopen(
      compileSource(
        "isolated-map-pairs",
        "struct pair { int a, b; }; int of_pair(struct pair p) { return p.a * 10 + p.b; }",
      ),
      { of_pair: { arguments: [Pair], return: "int32" } },
      { isolate },
    );
    const map = functions.of_pair.map as unknown as (columns: unknown[]) => unknown;
    expect(map([Int32Array.of(1, 2, 3, 4)])).toEqual(Int32Array.of(12, 34));
    expect(() => map([new Uint8Array(17)])).toThrowError("must hold whole values of 8 bytes");
    lib.close();
  });

  it("uses memory of the isolate in place", () => {
    const shared = isolate.allocate(3 * 8);
    const column = new Float64Array(shared.buffer, shared.byteOffset, 3);
    column.set([1, -2, 3]);
    const { functions, lib } = dlopen(null, { fabs: "double fabs(double x)" }, { isolate });
    const blocks = isolate.blocksInUse;
    expect(functions.fabs.map([column], column)).toBe(column);
    expect([...column]).toEqual([1, 2, 3]);
    expect(isolate.blocksInUse).toBe(blocks);
    lib.close();
  });

  it("gives its memory back, also after what is refused", async () => {
    const blocks = isolate.blocksInUse;
    far.functions.echoInt16.map([new Int16Array(1000)]);
    await far.functions.echoInt16.map.async([new Int16Array(1000)]);
    outcome(far.functions, ["", "echoInt16", () => [[new Int16Array(2)], new Int16Array(3)]]);
    expect(isolate.blocksInUse).toBe(blocks);
  });

  it("refuses a closed library", async () => {
    const other = openIsolatedCalls(isolate);
    other.lib.close();
    const closed = expect.objectContaining({ code: "ERR_FFI_LIBRARY_CLOSED" });
    expect(() => other.functions.echoInt16.map([new Int16Array(4)])).toThrowError(closed);
    await expect(other.functions.echoInt16.map.async([new Int16Array(4)])).rejects.toEqual(closed);
  });

  it("needs no declaration for async: a helper has one thread for calls", async () => {
    const { functions, lib } = dlopen(null, { abs: "int abs(int x)" }, { isolate });
    await expect(functions.abs.map.async([numbers()])).resolves.toEqual(Int32Array.of(1, 2, 3));
    lib.close();
  });

  it("takes its turn among other calls", async () => {
    const { echoInt64, textAndNumber } = far.functions;
    const column = Int32Array.from({ length: 500 }, (_, index) => index);
    const pending = Array.from({ length: 60 }, (_, index) =>
      index % 3 === 0 ? textAndNumber.map.async(["ab", column]) : echoInt64.async(BigInt(index)),
    );
    for (const [index, result] of (await Promise.all(pending)).entries()) {
      expect(result).toEqual(index % 3 === 0 ? column.map((x) => x + 200) : BigInt(index));
    }
  });

  it("goes to any of several processes", async () => {
    const several = new Isolate({ processes: 2 });
    const { functions } = dlopen(null, { abs: "int abs(int x)" }, { isolate: several });
    const results = await Promise.all([
      functions.abs.map.async([numbers()]),
      functions.abs.map.async([numbers()]),
    ]);
    expect(results).toEqual([Int32Array.of(1, 2, 3), Int32Array.of(1, 2, 3)]);
    expect(functions.abs.map([numbers()])).toEqual(Int32Array.of(1, 2, 3));
    several.close();
  });
});

describe("callbacks inside map in a helper process", () => {
  const column = () => Int32Array.of(0, 1, 2, 3);
  const error = new Error("stop");
  const stop = (x: number) => {
    if (x === 2) throw error;
    return x * 10;
  };

  it("may make other calls of every kind: the map goes on unharmed", async () => {
    const c = far.functions;
    const pending: unknown[] = [];
    const busy = (x: number) => {
      expect(c.echoInt16.map([Int16Array.of(x, x)])).toEqual(Int16Array.of(x, x));
      pending.push(c.echoInt16(x));
      return Number(c.textAndNumber.sync("é".repeat(30), x));
    };
    expect(c.call.map([busy, column()])).toEqual(column().map((x) => x + 6000));
    expect(await Promise.all(pending)).toEqual([...column()]);
  });

  it("end it where they throw; what was done stays", async () => {
    const out = new Int32Array(4).fill(-1);
    expect(() => far.functions.call.map([stop, column()], out)).toThrowError(error);
    expect([...out]).toEqual([0, 10, -1, -1]);
    const later = new Int32Array(4).fill(-1);
    await expect(far.functions.call.map.async([stop, column()], later)).rejects.toBe(error);
    expect([...later]).toEqual([0, 10, -1, -1]);
    expect(far.functions.call.sync((x: number) => x + 1, 1)).toBe(2);
  });

  it("belong to the map, not to calls that are made before its end", async () => {
    const pending: unknown[] = [far.functions.echoInt16(1)];
    const stopLate = (x: number) => {
      pending.push(far.functions.echoInt16(x));
      return stop(x);
    };
    expect(() => far.functions.call.map([stopLate, column()])).toThrowError(error);
    expect(await Promise.all(pending)).toEqual([1, 0, 1, 2]);
  });

  it("leave results alone that are detached meanwhile", () => {
    const out = new Int32Array(4);
    const detach = (x: number) => {
      if (x === 1) structuredClone(out.buffer, { transfer: [out.buffer] });
      return x;
    };
    expect(far.functions.call.map([detach, column()], out)).toBe(out);
    expect(out.length).toBe(0);
  });
});

describe("a crash inside map", () => {
  const path = compileSource(
    "isolated-map-crash",
    "int fragile(int x) { if (x == 7) *(volatile int *)8 = 1; return x * 2; }",
  );
  const rows = Int32Array.from({ length: 20 }, (_, index) => index);

  it.each(["map", "map.async"])("says in which row of %s it was", async (form) => {
    const { functions, lib } = dlopen(path, { fragile: "int fragile(int x)" }, { isolate: true });
    const { map } = functions.fragile;
    const call = async () => (form === "map" ? map([rows]) : await map.async([rows]));
    const error = await call().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(HelperEndedError);
    // Rows that no result has brought back are lost with a helper that shares no memory.
    const onWindows = process.platform === "win32";
    const ended = onWindows ? "ended with status 0xc0000005" : "was ended by SIGSEGV";
    const where = sharesMemory() ? "fragile, row 7" : "fragile";
    expect(error).toMatchObject({
      message: `the helper process ${ended} in ${where}`,
      functionName: "fragile",
      row: sharesMemory() ? 7 : undefined,
    });
    expect(map([rows.subarray(0, 3)])).toEqual(Int32Array.of(0, 2, 4));
    await expect(functions.fragile(7)).rejects.toMatchObject({ row: undefined });
    lib.close();
  });
});
