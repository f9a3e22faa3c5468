import { describe, expect, it } from "vitest";
import {
  formatCount,
  formatDuration,
  formatRatio,
  formatRoundCount,
  formatRoundDuration,
} from "../../../src/cli/format.js";

describe("formatDuration", () => {
  it.each([
    [0.5, "0.50 ns"],
    [10.44, "10.4 ns"],
    [141.2, "141 ns"],
    [999.7, "1.00 µs"],
    [12_340, "12.3 µs"],
    [480_000, "480 µs"],
    [1_234_000, "1.23 ms"],
    [111e9, "111 s"],
  ])("writes %d ns as %s", (nanoseconds, expected) => {
    expect(formatDuration(nanoseconds)).toBe(expected);
  });
});

describe("formatCount and formatRatio", () => {
  it.each([
    [1, "1.00"],
    [99.97, "100"],
    [812.4, "812"],
    [7_142_857, "7,140,000"],
  ])("write %d as %s", (value, expected) => {
    expect(formatCount(value)).toBe(expected);
    expect(formatRatio(value)).toBe(`${expected}x`);
  });
});

describe("round numbers on an axis", () => {
  it.each([
    [1, "1 ns", "1"],
    [100_000, "100 µs", "100K"],
    [1e8, "100 ms", "100M"],
  ])("%d is short", (value, duration, count) => {
    expect(formatRoundDuration(value)).toBe(duration);
    expect(formatRoundCount(value)).toBe(count);
  });
});
