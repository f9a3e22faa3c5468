/** Numbers from 0 up to, not including, 1. */
export type Random = () => number;

/** Mulberry32: small, seeded, good enough to shuffle with; never for keys. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A shuffled copy (Fisher and Yates): every order is equally likely. */
export function shuffled<T>(items: readonly T[], random: Random): T[] {
  const result: T[] = [];
  for (const item of items) {
    const position = Math.floor(random() * (result.length + 1));
    const displaced = result[position];
    if (displaced === undefined) {
      result.push(item);
    } else {
      result.push(displaced);
      result[position] = item;
    }
  }
  return result;
}

export function randomBytes(length: number, random: Random): Uint8Array {
  return Uint8Array.from({ length }, () => Math.floor(random() * 256));
}
