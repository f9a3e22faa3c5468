import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { percentile, Samples } from "../../../../src/cli/bench/statistics.js";

describe("percentile", () => {
  // The worked example of the nearest-rank method in its usual presentation.
  const sorted = Float64Array.of(15, 20, 35, 40, 50);

  it.each([
    [5, 15],
    [30, 20],
    [40, 20],
    [50, 35],
    [100, 50],
  ])("takes the nearest rank: p%d is %d", (percent, expected) => {
    expect(percentile(sorted, percent)).toBe(expected);
  });

  it("of 1 to 100 is the number itself", () => {
    const hundred = Float64Array.from({ length: 100 }, (_, index) => index + 1);
    expect([50, 95, 99].map((percent) => percentile(hundred, percent))).toEqual([50, 95, 99]);
  });

  it("of one sample is that sample", () => {
    expect(percentile(Float64Array.of(7), 99)).toBe(7);
  });

  it("refuses to invent a value without samples", () => {
    expect(() => percentile(new Float64Array(0), 50)).toThrow(RangeError);
  });
});

describe("Samples", () => {
  it("keeps every sample beyond its first buffer", () => {
    const samples = new Samples();
    for (let value = 5000; value >= 1; value--) samples.add(value);
    expect(samples.summarize()).toEqual({ samples: 5000, p50: 2500, p95: 4750, p99: 4950 });
  });

  it("gives percentiles that are samples and cover their share of all samples", () => {
    const values = fc.array(fc.double({ min: 0, max: 1e9, noNaN: true }), { minLength: 1 });
    fc.assert(
      fc.property(values, (all) => {
        const samples = new Samples();
        for (const value of all) samples.add(value);
        const { p50, p95, p99 } = samples.summarize();
        for (const [percent, value] of [
          [50, p50],
          [95, p95],
          [99, p99],
        ] as const) {
          expect(all).toContain(value);
          const covered = all.filter((each) => each <= value).length;
          expect(covered * 100).toBeGreaterThanOrEqual(percent * all.length);
          const below = all.filter((each) => each < value).length;
          expect(below * 100).toBeLessThan(percent * all.length);
        }
      }),
    );
  });
});
