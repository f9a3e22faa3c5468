import { afterAll, describe, expect, it, vi } from "vitest";
import {
  callback,
  DynamicLibrary,
  getInt32,
  getRawPointer,
  pointer,
  struct,
} from "../../../src/ffi/index.js";
import { callsLibrary, openCalls } from "../../support/calls-library.js";
import { cLibrary } from "../../support/compile.js";

const { lib, functions: c } = openCalls();
afterAll(() => lib.close());

const numbers = { arguments: ["int32"], return: "int32" } as const;

describe("a JavaScript function as an argument", () => {
  it("is called by C with what C passes, and gives C its result", () => {
    const results = new Int32Array(5);
    c.collect((x: number) => x * x, 5, results);
    expect([...results]).toEqual([0, 1, 4, 9, 16]);
  });

  it("sorts by qsort, with a declaration and with a signature object", () => {
    const compare = (a: bigint, b: bigint) => getInt32(a) - getInt32(b);
    const process = new DynamicLibrary(cLibrary);
    const declared = process.getFunction(
      "void qsort(void *base, size_t n, size_t size, int (*compare)(const void *, const void *))",
    ) as (...args: unknown[]) => void;
    const other = new DynamicLibrary(cLibrary).getFunction("qsort", {
      arguments: [
        "pointer",
        "size",
        "size",
        callback({ arguments: ["pointer", "pointer"], return: "int32" }),
      ],
    });
    for (const sort of [declared, other]) {
      const values = Int32Array.from({ length: 500 }, (_, index) => (index * 7919) % 1009);
      const expected = [...values].sort((a, b) => a - b);
      sort(values, values.length, 4, compare as never);
      expect([...values]).toEqual(expected);
    }
  });

  it("takes null and an address instead, and refuses anything else", () => {
    c.keep(null);
    expect(c.callKept(1)).toBe(-1);
    for (const value of [5, "f", {}, Symbol("f")]) {
      expect(() => c.call(value, 1)).toThrowError(
        /argument 1 \(function\) must be a function, an address \(a bigint\) or null/,
      );
    }
    expect(() => c.call(1n << 64n, 1)).toThrowError("argument 1 (function)");
  });

  it("gives C zero when the call it was passed to is over", () => {
    const listener = vi.fn(() => 7);
    c.keep(listener);
    expect(c.callKept(1)).toBe(0);
    expect(listener).not.toHaveBeenCalled();
  });

  it("can be used for two parameters and two calls at once", () => {
    const outer = (x: number): number => (x === 0 ? 100 : Number(c.call(outer, x - 1)) + 1);
    expect(c.call(outer, 50)).toBe(150);
  });

  it("may be a bound function, a class's method, a proxy or of another realm", () => {
    class Adder {
      constructor(private readonly base: number) {}
      add(x: number) {
        return this.base + x;
      }
    }
    const adder = new Adder(40);
    expect(c.call(adder.add.bind(adder), 2)).toBe(42);
    expect(c.call(new Proxy((x: number) => x + 1, {}), 2)).toBe(3);
  });
});

describe("an error in a callback", () => {
  it("is thrown by the call that led to it, as the very same value", () => {
    for (const error of [new Error("boom"), "text", undefined, null, 0, Symbol("x")]) {
      let caught: unknown = "nothing";
      try {
        c.call(() => {
          throw error;
        }, 1);
      } catch (thrown) {
        caught = thrown;
      }
      expect(caught).toBe(error);
    }
  });

  it("gives C zero, and later callbacks of that call are skipped", () => {
    const seen: number[] = [];
    const results = new Int32Array(6).fill(-1);
    const stop = (x: number) => {
      seen.push(x);
      if (x === 2) throw new RangeError("enough");
      return x + 10;
    };
    expect(() => c.collect(stop, 6, results)).toThrowError(new RangeError("enough"));
    expect(seen).toEqual([0, 1, 2]);
    expect([...results]).toEqual([10, 11, 0, 0, 0, 0]);
  });

  it("passes through two native calls, or ends at a catch between them", () => {
    const inner = () => {
      throw new Error("deep");
    };
    expect(() => c.call((x: number) => c.call(inner, x), 1)).toThrowError("deep");
    const careful = (x: number) => {
      try {
        return c.call(inner, x);
      } catch {
        return -5;
      }
    };
    expect(c.call(careful, 1)).toBe(-5);
    expect(c.call((x: number) => x, 9)).toBe(9);
  });

  it("is a stack that is used up, by recursion through C", () => {
    let depth = 0;
    const endless = (x: number): unknown => {
      depth++;
      return c.call(endless, x);
    };
    expect(() => c.call(endless, 1)).toThrowError(RangeError);
    expect(depth).toBeGreaterThan(100);
    expect(c.call((x: number) => x + 1, 1)).toBe(2);
  });

  it.each([undefined, null, 2.5, "1", 1n, 2 ** 31, {}, true, () => 1])(
    "is a result of a wrong type: %s",
    (value) => {
      expect(() => c.call(() => value, 1)).toThrowError(
        expect.objectContaining({
          code: "ERR_INVALID_ARG_VALUE",
          message: expect.stringContaining(
            "the callback's result must be an integer from -2147483648 to 2147483647, got",
          ),
        }),
      );
    },
  );

  it("is a result that nothing would keep, where C wants a pointer", () => {
    const expected = "the callback's result must be an address (a bigint), memory that outlives";
    for (const value of ["text", {}, () => 1]) {
      expect(() => c.callForText(() => value)).toThrowError(expected);
    }
    expect(() => c.callForText(() => -1n)).toThrowError(
      "the callback's result must be an address from 0 to 18446744073709551615, got -1n",
    );
  });

  it("is a result of a wrong type of one of several calls, which is named with its argument", async () => {
    const wrong = () => "x";
    const problem = "the callback's result must be";
    expect(() => c.call(wrong, 1)).toThrowError(`call: argument 1 (function): ${problem}`);
    expect(() => c.callForText(wrong)).toThrowError(`call_for_text: argument 1 (f): ${problem}`);
    // The function pointers are those of the calls before.
    const right = (x: number) => (c.call((y: number) => y, x) as number) + 1;
    expect(c.call(right, 1)).toBe(2);
    const inner = () => c.collect(wrong, 1, new Int32Array(1));
    expect(() => c.call(inner, 1)).toThrowError(`collect: argument 1 (function): ${problem}`);
    await expect(c.call.async(wrong, 1)).rejects.toThrowError(
      `call: argument 1 (function): ${problem}`,
    );
  });

  it("is a promise that an async function returns", () => {
    expect(() => c.call(async () => 1, 1)).toThrowError("the callback's result must be");
  });

  it("ignores what a void callback returns", () => {
    expect(c.callEach(() => "anything", 3)).toBe(3);
  });
});

describe("calls inside a callback", () => {
  it("leave the arguments and result of the outer call as they are", () => {
    const busy = (x: number) => {
      expect(c.totalLength(..."abcdefghij".split("").map((s) => s.repeat(x + 1)))).toBe(
        BigInt(10 * (x + 1)),
      );
      expect(c.addPoints({ x, y: 1 }, { x: 1, y: x })).toEqual({ x: x + 1, y: x + 1 });
      expect(c.textAndNumber("é".repeat(30), x)).toBe(6000 + x);
      return x * 3;
    };
    const results = [0, 0, 0, 0];
    c.collect(busy, 4, results);
    expect(results).toEqual([0, 3, 6, 9]);
  });
});

describe("values of callbacks", () => {
  it("are structs of every class, by value in and out", () => {
    const swap = ({ x, y }: { x: number; y: number }) => ({ x: y, y: x });
    expect(c.mapPoint(swap, { x: 1.5, y: -2 })).toEqual({ x: -2, y: 1.5 });
    const next = (m: { tag: number; weight: number; id: bigint }) => ({
      tag: m.tag - 1,
      weight: m.weight / 2,
      id: m.id + 1n,
    });
    expect(c.mapMixed(next, { tag: -3, weight: 0.5, id: 1n << 40n })).toEqual({
      tag: -4,
      weight: 0.25,
      id: (1n << 40n) + 1n,
    });
    const large = { numbers: Array.from({ length: 40 }, (_, index) => index), total: 0.5 };
    const turn = (value: typeof large) => ({
      numbers: [...value.numbers].reverse(),
      total: value.total * 2,
    });
    expect(c.mapLarge(turn, large)).toEqual({ numbers: [...large.numbers].reverse(), total: 1 });
  });

  it("are refused as a struct with a wrong field, which is named", () => {
    expect(() => c.mapPoint(() => ({ x: 1, y: "2" }), { x: 1, y: 2 })).toThrowError(
      /the callback's result\.y must be a number, got a string of 1 character/,
    );
    expect(() =>
      c.mapLarge(() => undefined, { numbers: new Array(40).fill(0), total: 0 }),
    ).toThrowError("the callback's result");
  });

  it("are a zeroed struct for C when the callback throws", () => {
    const signature = { arguments: ["pointer"], return: "void" } as const;
    const Point = struct({ x: "double", y: "double" });
    const other = new DynamicLibrary(callsLibrary);
    const map = other.getFunction("map_point", {
      arguments: [callback({ arguments: [Point], return: Point }), Point],
      return: Point,
    });
    const fail = () => {
      throw new Error("no point");
    };
    expect(() => map(fail, { x: 1, y: 2 })).toThrowError("no point");
    expect(map((point) => point, { x: 1, y: 2 })).toEqual({ x: 1, y: 2 });
    expect(signature.return).toBe("void");
    other.close();
  });

  it("are strings as text, in UTF-8 and wide", () => {
    const length = (text: string) => text.length;
    expect(c.callWithText(length, "Grüße 🌍")).toBe(8);
    expect(c.callWithWide((text: string) => (text === "Grüße 🌍" ? 1 : 0), "Grüße 🌍")).toBe(1);
  });

  it("give a string back by the address of memory that JavaScript keeps", () => {
    const text = Buffer.from("kept\0");
    expect(c.callForText(() => getRawPointer(text))).toBe("kept");
    expect(c.callForText(() => null)).toBeNull();
    expect(() => c.callForText(() => "lost")).toThrowError("the callback's result");
  });

  it("are enumerations: numbers in, names or numbers out", () => {
    const seen: unknown[] = [];
    const turn = (color: number) => {
      seen.push(color);
      return "BLUE";
    };
    expect(c.callColor(turn, "GREEN")).toBe(9);
    expect(seen).toEqual([5]);
  });
});

describe("a function pointer in a struct", () => {
  it("is an address, by value and by pointer", () => {
    const address = lib.registerCallback(numbers, (x) => x + 1);
    const operation = { name: "abc", apply: address, factor: 10 };
    expect(c.runOperation(operation, 4)).toBe(53);
    expect(c.runOperationByValue(operation, 4)).toBe(50);
    lib.unregisterCallback(address);
  });

  it("is refused as a function, whose life would have no end", () => {
    const operation = { name: "abc", apply: (x: number) => x, factor: 1 };
    expect(() => c.runOperation(operation, 4)).toThrowError("registerCallback");
  });
});

describe("pointers to structs in callbacks", () => {
  it("are addresses that a view can be made on by the caller", () => {
    const Point = struct({ x: "double", y: "double" });
    const other = new DynamicLibrary(callsLibrary);
    const scale = other.getFunction("scale_point", {
      arguments: [pointer(Point), "double"],
      return: "void",
    });
    const view = Point.view();
    view.x = 1.5;
    view.y = 2;
    scale(view, 2);
    expect([view.x, view.y]).toEqual([3, 4]);
    other.close();
  });
});
