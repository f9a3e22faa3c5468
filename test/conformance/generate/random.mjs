// Seeded choices. The same seed gives the same sequence on every machine.

/** Numbers in [0, 1): mulberry32. */
export function createRandom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}

/** An integer from `low` to `high`, both included. */
export function integer(random, low, high) {
  return low + Math.floor(random() * (high - low + 1));
}

export function chance(random, probability) {
  return random() < probability;
}

export function pick(random, values) {
  return values[Math.floor(random() * values.length)];
}

/** One of `[weight, value]` pairs, as often as their weights say. */
export function pickWeighted(random, pairs) {
  const total = pairs.reduce((sum, [weight]) => sum + weight, 0);
  let left = random() * total;
  for (const [weight, value] of pairs) {
    left -= weight;
    if (left < 0) return value;
  }
  return pairs[pairs.length - 1][1];
}
