import { afterAll, describe, expect, it } from "vitest";
import { DynamicLibrary, getInt32, pointer } from "../../../src/ffi/index.js";
import { callsLibrary } from "../../support/calls-library.js";
import { cLibrary, fixtureLibrary } from "../../support/compile.js";

const calls = new DynamicLibrary(callsLibrary);
const fixture = new DynamicLibrary(fixtureLibrary);
const standard = new DynamicLibrary(cLibrary);
afterAll(() => {
  for (const library of [calls, fixture, standard]) library.close();
});

const doubleAll = calls.getFunction("void double_all(int32_t *values, size_t count)");
const sort = standard.getFunction(
  "void qsort(int *base, size_t n, size_t size, int (*compare)(const int *, const int *))",
) as (base: number[], n: number, size: number, compare: (a: bigint, b: bigint) => number) => void;

describe("a list that is copied for a pointer", () => {
  it("takes what C left where it had no elements yet", async () => {
    const fill = fixture.getFunction("fill_bytes", {
      arguments: [pointer("uint8", "out"), "size", "uint8"],
      return: "void",
    });
    const lists = [1, 2, 3].map((length) => new Array<number>(length));
    const [first = [], later = [], some = []] = lists;
    some[1] = 5;
    fill(first, 1, 7);
    await fill.async(later, 2, 7);
    fill(some, 3, 7);
    expect(lists).toEqual([[7], [7, 7], [7, 7, 7]]);
    expect(Object.keys(some)).toHaveLength(3);
  });

  it("keeps elements that it got during the call", () => {
    for (const length of [2, 60_000]) {
      const list = Array.from({ length }, (_, index) => length - index);
      let calledOnce = false;
      sort(list, 2, 4, (a, b) => {
        if (!calledOnce) list.push(7, 7, 7);
        calledOnce = true;
        return getInt32(a) - getInt32(b);
      });
      expect(list.slice(0, 2)).toEqual([length - 1, length]);
      expect(list.slice(length)).toEqual([7, 7, 7]);
    }
  });

  it("stays as short as it became during the call", () => {
    const list = [2, 1, 3];
    sort(list, 2, 4, (a, b) => {
      list.length = 1;
      return getInt32(a) - getInt32(b);
    });
    expect(list).toEqual([1]);
  });

  it("keeps elements that it got while another thread made the call", async () => {
    const list = [1, 2];
    const done = doubleAll.async(list, 2);
    list.push(5);
    await done;
    expect(list).toEqual([2, 4, 5]);
  });

  it("may be one of rows, which are given and taken back whole", () => {
    const other = new DynamicLibrary(cLibrary);
    const sortRows = other.getFunction(
      "void qsort(int (*base)[2], size_t n, size_t size, int (*compare)(const int (*)[2], const int (*)[2]))",
    ) as (...args: unknown[]) => void;
    const rows = [
      [3, 30],
      [1, 10],
      [2, 20],
    ];
    sortRows(rows, 3, 8, (a: bigint, b: bigint) => getInt32(a) - getInt32(b));
    expect(rows).toEqual([
      [1, 10],
      [2, 20],
      [3, 30],
    ]);
    expect(() => sortRows([[1, 2, 3]], 1, 8, () => 0)).toThrow(
      "argument 1 (base)[0] must be an array of 2",
    );
    other.close();
  });

  it("is a place and not the null pointer when it is empty, however the call is made", async () => {
    const address = fixture.getFunction("echo_pointer", {
      arguments: [pointer("int32")],
      return: "pointer",
    });
    expect(address([])).not.toBe(0n);
    expect(await address.async([])).not.toBe(0n);
  });
});
