import { describe, expect, it } from "vitest";
import { randomBytes, seededRandom, shuffled } from "../../../../src/cli/bench/random.js";

const items = [1, 2, 3, 4, 5, 6, 7, 8];

describe("seededRandom", () => {
  it("repeats for the same seed and differs for another", () => {
    const draw = (seed: number) => Array.from({ length: 5 }, seededRandom(seed));
    expect(draw(1)).toEqual(draw(1));
    expect(draw(1)).not.toEqual(draw(2));
  });

  it("stays from 0 up to, not including, 1", () => {
    const random = seededRandom(3);
    for (let index = 0; index < 10_000; index++) {
      const value = random();
      expect(value >= 0 && value < 1).toBe(true);
    }
  });
});

describe("shuffled", () => {
  it("keeps every item once and leaves the original alone", () => {
    const original = [...items];
    const result = shuffled(original, seededRandom(5));
    expect([...result].sort()).toEqual(items);
    expect(original).toEqual(items);
    expect(result).not.toEqual(items);
  });

  it("puts every item first about equally often", () => {
    const random = seededRandom(11);
    const counts = new Map<number, number>();
    for (let run = 0; run < 8000; run++) {
      const [first = 0] = shuffled(items, random);
      counts.set(first, (counts.get(first) ?? 0) + 1);
    }
    for (const item of items) expect(Math.abs((counts.get(item) ?? 0) - 1000)).toBeLessThan(200);
  });
});

describe("randomBytes", () => {
  it("has the asked length and repeats for the same seed", () => {
    const bytes = randomBytes(32, seededRandom(9));
    expect(bytes).toHaveLength(32);
    expect(bytes).toEqual(randomBytes(32, seededRandom(9)));
  });
});
