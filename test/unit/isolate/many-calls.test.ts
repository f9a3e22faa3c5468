import { afterAll, describe, expect, it } from "vitest";
import { dlopen } from "../../../src/ffi/index.js";
import { Isolate } from "../../../src/isolate/index.js";
import { runProgram } from "../../support/child.js";
import { fixtureLibrary } from "../../support/compile.js";

const definitions = {
  abs: "int abs(int x)",
  strlen: "size_t strlen(const char *s)",
  memset: "void *memset(void *to, int value, size_t count)",
} as const;
const isolate = new Isolate();
const { functions: far } = dlopen(null, definitions, { isolate });
afterAll(() => isolate.close());

describe("many calls", () => {
  it("are made in order, more than there are slots", async () => {
    using library = dlopen(
      fixtureLibrary,
      { count_call: "int count_call(void)" },
      { isolate: true },
    );
    const { count_call } = library.functions;
    const results = await Promise.all(Array.from({ length: 1000 }, () => count_call()));
    expect(results).toEqual(Array.from({ length: 1000 }, (_, index) => index + 1));
  });

  it("go on though nothing else wakes the event loop", () => {
    const program = `
      import { dlopen } from "./dist/ffi/index.js";
      const sort = "void qsort(int *base, size_t n, size_t size, int (*compare)(const void *, const void *))";
      const { lib, functions } = dlopen(null, { abs: "int abs(int x)", qsort: sort }, { isolate: true });
      const lost = setTimeout(() => process.exit(3), 30_000);
      let sum = 0;
      for (let count = 0; count < 20; count++) {
        sum += await functions.abs(-2);
        await functions.qsort(new Int32Array([2, 1]), 2, 4, () => 1);
      }
      console.log(sum);
      clearTimeout(lost);
      lib.close();`;
    expect(runProgram(program)).toMatchObject({ status: 0, stdout: "40\n", stderr: "" });
  });

  it("a synchronous one comes after those before it", async () => {
    const before = Array.from({ length: 600 }, (_, index) => far.abs(-index));
    expect(far.abs.sync(-2)).toBe(2);
    expect(await Promise.all(before)).toEqual(Array.from({ length: 600 }, (_, index) => index));
  });

  it("leave nothing behind in the shared memory", async () => {
    const texts = Array.from({ length: 300 }, (_, index) => "y".repeat(index * 10));
    const lengths = await Promise.all(texts.map((text) => far.strlen(text)));
    expect(lengths).toEqual(texts.map(({ length }) => length));
    expect(isolate.blocksInUse).toBe(0);
  });

  it("of several processes run at the same time and share memory", async () => {
    using several = new Isolate({ processes: 3 });
    const { functions } = dlopen(null, definitions, { isolate: several });
    const bytes = several.allocate(30);
    const parts = [0, 1, 2].map((part) => bytes.subarray(part * 10, part * 10 + 10));
    await Promise.all(parts.map((part, index) => functions.memset(part, index, 10)));
    expect([...bytes]).toEqual([...Array(10).fill(0), ...Array(10).fill(1), ...Array(10).fill(2)]);
    expect(several.processIds).toHaveLength(3);
    expect(functions.abs.sync(-3)).toBe(3);
  });
});
