/** A seeded generator of numbers in [0, 1): mulberry32. The same seed gives the same sequence. */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}

/** The seed of this run: `NEARFAR_SEED`, or one from the clock; tests print it when they fail. */
export const seed = Number(process.env.NEARFAR_SEED ?? Date.now() % 0x1_0000_0000);
