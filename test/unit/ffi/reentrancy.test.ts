import { afterAll, describe, expect, it } from "vitest";
import { callsLibrary, openCalls } from "../../support/calls-library.js";
import { runProgram } from "../../support/child.js";
import { collectNow } from "../../support/collect-garbage.js";

const { lib, functions: c } = openCalls();
afterAll(() => lib.close());

/**
 * Uses every part of the frame: registers of both kinds, stack words, scratch space, held memory.
 */
function disturb(): void {
  c.weigh(-1, 255, -1, 65535, -1, 2 ** 32 - 1, -1n, 2n ** 64n - 1n, -1, -1, true);
  c.totalLength(..."zyxwvutsrq".split("").map((letter) => letter.repeat(50)));
  c.sumLarge({ numbers: new Array(40).fill(-1), total: -1 });
  c.textAndNumber("ü".repeat(40_000), 1);
  c.call((x: number) => x + 1, 1);
  c.echoInt64.map([BigInt64Array.of(-1n, -1n)]);
  expect(() => c.sameText("refused", 5)).toThrowError();
  void c.echoUint8.async(1);
  collectNow();
}

/** An object whose properties make other calls when they are read. */
function disturbing<T extends object>(value: T): T {
  const object = {};
  for (const [key, item] of Object.entries(value)) {
    Object.defineProperty(object, key, {
      enumerable: true,
      get() {
        disturb();
        return item;
      },
    });
  }
  return object as T;
}

/** An array whose elements do. */
function disturbingList<T>(items: readonly T[]): T[] {
  const list: T[] = [];
  for (const [index, item] of items.entries()) {
    Object.defineProperty(list, index, {
      enumerable: true,
      get() {
        disturb();
        return item;
      },
    });
  }
  return list;
}

/** Every property read goes through a trap that does. */
function watched<T extends object>(value: T): T {
  return new Proxy(value, {
    get(target, key, receiver) {
      disturb();
      return Reflect.get(target, key, receiver);
    },
  });
}

const a = { x: 1, y: 2 };
const b = { x: 10, y: 20 };
const numbers = Array.from({ length: 40 }, (_, index) => index);

describe("JavaScript that makes calls while an outer call is prepared", () => {
  it("leaves structs by value as they are", () => {
    expect(c.addPoints(disturbing(a), disturbing(b))).toEqual({ x: 11, y: 22 });
    expect(c.addPoints(watched(a), watched(b))).toEqual({ x: 11, y: 22 });
    const mixed = { tag: -5, weight: 0.5, id: 77n };
    expect(c.echoMixed(disturbing(mixed))).toEqual(mixed);
    expect(c.sumLarge(disturbing({ numbers: disturbingList(numbers), total: 0 }))).toEqual({
      numbers,
      total: 780,
    });
  });

  it("leaves structs and arrays by pointer as they are", () => {
    expect(c.sumPoints(disturbingList([disturbing(a), disturbing(b)]), 2)).toBe(33);
    expect(c.sumPoints([watched(a), watched(b)], 2)).toBe(33);
    expect(c.sumHuge(disturbing({ bytes: new Uint8Array(100_000).fill(1) }))).toBe(100_000);
  });

  it("leaves strings in structs as they are", () => {
    const apply = lib.registerCallback({ arguments: ["int32"], return: "int32" }, (x) => x);
    const operation = { name: "é".repeat(25), apply, factor: 3 };
    expect(c.runOperation(disturbing(operation), 5)).toBe(65);
    expect(c.runOperationByValue(disturbing(operation), 5)).toBe(15);
    lib.unregisterCallback(apply);
  });

  it("leaves what is written back as it is, also by setters that make calls", () => {
    const seen: number[] = [];
    const target = {
      get x() {
        disturb();
        return 1;
      },
      set x(value: number) {
        disturb();
        seen.push(value);
      },
      get y() {
        disturb();
        return 2;
      },
      set y(value: number) {
        disturb();
        seen.push(value);
      },
    };
    c.scalePoint(target, 3);
    expect(seen).toEqual([3, 6]);
  });

  it("leaves asynchronous and vector calls as they are", async () => {
    expect(await c.addPoints.async(disturbing(a), watched(b))).toEqual({ x: 11, y: 22 });
    expect(await c.sumPoints.async(disturbingList([a, b]), 2)).toBe(33);
    const counts = BigUint64Array.of(0n, 1n, 2n);
    const list = disturbingList([disturbing(a), disturbing(b)]);
    expect(c.sumPoints.map([list, counts])).toEqual(Float64Array.of(0, 3, 33));
    expect(await c.sumPoints.map.async([list, counts])).toEqual(Float64Array.of(0, 3, 33));
  });

  it("leaves arguments that follow a refused inner call as they are", () => {
    const thrower = {
      x: 1,
      get y(): number {
        return c.addPoints({ x: 1 }, a) as never;
      },
    };
    expect(() => c.addPoints(thrower, b)).toThrowError(/argument 1 \(a\)\.y must be a number/);
    expect(c.addPoints(a, b)).toEqual({ x: 11, y: 22 });
  });

  it("may take away what it was read from", () => {
    const memory = new Float64Array([1, 2]);
    const holder = {
      x: 5,
      get y() {
        structuredClone(memory.buffer, { transfer: [memory.buffer] });
        return 6;
      },
    };
    expect(c.addPoints(holder, a)).toEqual({ x: 6, y: 8 });
    const list = [
      {
        x: 1,
        get y() {
          list.length = 0;
          return 2;
        },
      },
      b,
    ];
    expect(() => c.sumPoints(list, 2)).toThrowError(/argument 1 \(points\)\[1\]/);
  });

  it("may close the library: the outer call is refused", () => {
    const other = openCalls();
    const closing = {
      x: 1,
      get y() {
        other.lib.close();
        return 2;
      },
    };
    expect(() => other.functions.addPoints(closing, a)).toThrowError(
      expect.objectContaining({ code: "ERR_FFI_LIBRARY_CLOSED" }),
    );
  });
});

describe("collections in the middle of a call", () => {
  it("leave memory that only C refers to", () => {
    const churn = () => {
      collectNow();
      return Array.from({ length: 200 }, () => Buffer.alloc(6000, 55)).length;
    };
    for (let round = 0; round < 20; round++) {
      const long = Array.from({ length: 9 }, () => "x".repeat(6000 + round));
      expect(c.callThenLength(churn, ...long)).toBe(BigInt(9 * (6000 + round)));
      expect(c.callThenSumHuge(churn, { bytes: new Uint8Array(100_000).fill(round) })).toBe(
        round * 100_000,
      );
      expect(c.callThenSumBlock(churn, { bytes: new Uint8Array(4000).fill(round) })).toBe(
        round * 4000,
      );
    }
  });
});

describe("recursion through callbacks", () => {
  it("nests as deep as the stack allows, with strings and structs at each level", () => {
    let deepest = 0;
    const descend = (depth: number, limit: number): number => {
      deepest = Math.max(deepest, depth);
      if (depth === limit) return 0;
      const text = "é".repeat(depth % 50);
      const inner = (value: { numbers: number[]; total: number }) => {
        const below = descend(depth + 1, limit);
        expect(c.textAndNumber(text, depth)).toBe((depth % 50) * 200 + depth);
        return { numbers: value.numbers, total: value.total + below + 1 };
      };
      const list = new Array(40).fill(depth);
      const result = c.mapLarge(inner, { numbers: list, total: 0 }) as {
        numbers: number[];
        total: number;
      };
      expect(result.numbers).toEqual(list);
      return result.total;
    };
    expect(descend(0, 50)).toBe(50);
    expect(() => descend(0, Number.POSITIVE_INFINITY)).toThrowError(RangeError);
    expect(deepest).toBeGreaterThan(50);
    expect(descend(0, 50)).toBe(50);
  });
});

describe.each([
  ["V8's crossing", [], {}],
  ["Node-API's crossing", [], { NEARFAR_FAST: "off" }],
  ["no code generation", ["--disallow-code-generation-from-strings"], {}],
  ["no compiler in V8", ["--jitless"], {}],
])("by %s, hot enough to be optimised", (_title, flags, env) => {
  it("nested calls and callbacks keep their values", () => {
    const program = `
import { DynamicLibrary, struct } from "./dist/ffi/index.js";
const lib = new DynamicLibrary(process.argv[1]);
const add = lib.getFunction("int16_t echo_int16(int16_t x)");
const call = lib.getFunction("int32_t call(int32_t (*f)(int32_t), int32_t x)");
const Point = struct({ x: "double", y: "double" });
const points = lib.getFunction("add_points", { arguments: [Point, Point], return: Point });
const text = lib.getFunction("int32_t text_and_number(const char *t, int32_t n)");
const f = (x) => { add(x & 255); return x + add(1) + text("abc", 1); };
let wrong = 0;
for (let index = 0; index < 30_000; index++) {
  if (call(f, index) !== index + 302) wrong++;
  if (add(index & 1023) !== (index & 1023)) wrong++;
  const { x, y } = points({ get x() { add(5); return index; }, y: 1 }, { x: 1, get y() { call(f, 3); return index; } });
  if (x !== index + 1 || y !== index + 1) wrong++;
}
console.log(JSON.stringify({ wrong }));`;
    const { stdout, status } = runProgram(program, { flags, env, args: [callsLibrary] });
    expect({ stdout, status }).toEqual({ stdout: `${JSON.stringify({ wrong: 0 })}\n`, status: 0 });
  });
});
