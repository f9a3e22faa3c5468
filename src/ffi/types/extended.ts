/*
 * The x87's 80-bit format (Intel SDM volume 1, 4.2.2): a 64-bit significand with its leading one
 * written out, then 15 bits of exponent and the sign, in 16 bytes of which the last six are
 * padding.
 */

const BIAS_80 = 16383;
const BIAS_64 = 1023;
const FRACTION_BITS = 52n;
const cell = new DataView(new ArrayBuffer(8));

/** Writes a number, which the format holds exactly. The padding becomes zero. */
export function writeExtended(memory: DataView, at: number, value: number): void {
  cell.setFloat64(0, value);
  const bits = cell.getBigUint64(0);
  const sign = Number(bits >> 63n) << 15;
  const exponent = Number((bits >> FRACTION_BITS) & 0x7ffn);
  const fraction = bits & ((1n << FRACTION_BITS) - 1n);
  let biased = exponent - BIAS_64 + BIAS_80;
  let significand = (1n << 63n) | (fraction << 11n);
  if (exponent === 0x7ff) {
    biased = 0x7fff;
  } else if (exponent === 0) {
    // Zero, or subnormal in 64 bits and normal in 80: shifted until its leading one is in place.
    const length = fraction.toString(2).length;
    significand = fraction === 0n ? 0n : fraction << BigInt(64 - length);
    biased = fraction === 0n ? 0 : length - 1074 - 1 + BIAS_80;
  }
  memory.setBigUint64(at, significand, true);
  memory.setBigUint64(at + 8, BigInt(sign | biased), true);
}

/** The nearest number, ties to even; too large a value gives an infinity. */
export function readExtended(memory: DataView, at: number): number {
  const significand = memory.getBigUint64(at, true);
  const high = memory.getUint16(at + 8, true);
  const sign = high & 0x8000 ? -1 : 1;
  const exponent = high & 0x7fff;
  if (exponent === 0x7fff) {
    return significand << 1n === 1n << 64n ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  }
  if (significand === 0n) return sign * 0;
  return sign * scale(significand, exponent - BIAS_80 - 63);
}

/** `significand * 2^power`, rounded once to a double. */
function scale(significand: bigint, power: number): number {
  const length = significand.toString(2).length;
  // The exponent of the lowest bit that a double of this magnitude keeps.
  const lowest = Math.max(length + power - 53, -1074);
  const dropped = lowest - power;
  let kept = significand;
  if (dropped > 0) {
    kept = significand >> BigInt(dropped);
    const rest = significand - (kept << BigInt(dropped));
    const half = 1n << BigInt(dropped - 1);
    if (rest > half || (rest === half && (kept & 1n) === 1n)) kept += 1n;
  } else {
    kept = significand << BigInt(-dropped);
  }
  return Number(kept) * 2 ** lowest;
}
