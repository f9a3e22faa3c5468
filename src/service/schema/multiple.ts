/**
 * Whether a number is an integer times another, both taken as the decimal fractions they are
 * written as: 0.0075 is a multiple of 0.0001, although the quotient of the doubles is no integer.
 */
export function isMultiple(value: number, divisor: number): boolean {
  if (Number.isSafeInteger(value) && Number.isSafeInteger(divisor)) return value % divisor === 0;
  const [digits, exponent] = decimal(value);
  const [divisorDigits, divisorExponent] = decimal(divisor);
  const shift = exponent - divisorExponent;
  const [scaled, by] =
    shift >= 0
      ? [digits * 10n ** BigInt(shift), divisorDigits]
      : [digits, divisorDigits * 10n ** BigInt(-shift)];
  return scaled % by === 0n;
}

/** The shortest decimal that reads back as this double: digits times ten to the exponent. */
function decimal(value: number): [digits: bigint, exponent: number] {
  const [mantissa = "", exponent = "0"] = value.toExponential().split("e");
  const [whole = "", fraction = ""] = mantissa.split(".");
  return [BigInt(whole + fraction), Number(exponent) - fraction.length];
}
