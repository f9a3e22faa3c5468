import { afterAll, describe, expect, it } from "vitest";
import { array, DynamicLibrary, struct } from "../../../src/ffi/index.js";
import { callsLibrary } from "../../support/calls-library.js";

const lib = new DynamicLibrary(callsLibrary);
afterAll(() => lib.close());

// The fixture has functions of another convention, and an 80-bit long double, on x86-64 only.
describe.runIf(process.arch === "x64" && process.platform === "linux")("on x86-64", () => {
  it("calls by Microsoft's convention what is declared so, with structs by reference", async () => {
    const mix = lib.getFunction("ms_mix", {
      arguments: ["int32", "double", "int64", "float", "uint8", "double"],
      return: "double",
      convention: "win64",
      threadSafe: true,
    });
    const args = [1, 2, 3n, 4, 5, 6] as const;
    expect(mix(...args)).toBe(654321);
    expect(await mix.async(...args)).toBe(654321);
    expect(mix.map([1, Float64Array.of(2, 3), 3n, 4, 5, 6])).toEqual(
      Float64Array.of(654321, 654331),
    );
    const Large = struct({ numbers: array("int32", 40), total: "double" });
    const Point = struct({ x: "double", y: "double" });
    const large = lib.getFunction("ms_large", {
      arguments: [Large, Point],
      return: Large,
      convention: "win64",
    });
    const numbers = Array.from({ length: 40 }, (_, index) => index);
    const value = { numbers, total: 0 };
    expect(large(value, { x: 2, y: 3 }).total).toBe(45);
    expect((await large.async(value, { x: 2, y: 3 })).total).toBe(45);
    expect(value.total).toBe(0);
  });

  it("passes long double with the precision that a number has", () => {
    const halve = lib.getFunction("long double halve(long double x)");
    const values = [0, -0, 1, -2.5, 2 ** 53 - 1, 1e308, Infinity, -Infinity, NaN];
    for (const value of values) expect(halve(value)).toBe(value / 2);
    expect(() => halve("1" as never)).toThrowError(/argument 1 \(x\) must be a number/);
  });
});

it("refuses conventions that there are none of", () => {
  const signature = { arguments: [], return: "void", convention: "pascal" } as never;
  expect(() => lib.getFunction("call", signature)).toThrowError(
    /convention of call must be one of/,
  );
});
