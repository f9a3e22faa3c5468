/** A `size_t` from its halves; throws a RangeError when a number cannot hold it. */
export function joinSize(low: number, high: number): number {
  const size = high * 0x1_0000_0000 + low;
  if (Number.isSafeInteger(size)) return size;
  const exact = (BigInt(high) << 32n) | BigInt(low);
  throw new RangeError(
    `the value ${exact}n of type size_t is not a safe integer; declare it uint64_t for a bigint`,
  );
}
