const wholeNumber = new Intl.NumberFormat("en-US", {
  maximumSignificantDigits: 3,
  maximumFractionDigits: 0,
});

const unitSteps = [
  { unit: "s", nanoseconds: 1e9 },
  { unit: "ms", nanoseconds: 1e6 },
  { unit: "µs", nanoseconds: 1e3 },
] as const;

/** `10.4 ns`, `1.23 µs`, `412 ms`, `95 s`: three significant digits. */
export function formatDuration(nanoseconds: number): string {
  const step = unitSteps.find((each) => nanoseconds >= each.nanoseconds * 0.9995);
  const value = step === undefined ? nanoseconds : nanoseconds / step.nanoseconds;
  return `${threeDigits(value)} ${step?.unit ?? "ns"}`;
}

/** `1 ns`, `100 µs`: for round numbers. */
export function formatRoundDuration(nanoseconds: number): string {
  return formatDuration(nanoseconds).replace(/\.0+ /, " ");
}

const compactNumber = new Intl.NumberFormat("en-US", { notation: "compact" });

/** `1`, `10K`, `100M`: for round numbers. */
export function formatRoundCount(value: number): string {
  return compactNumber.format(value);
}

/** `5,420,000`, `812`, `3.1`: three significant digits, in full. */
export function formatCount(value: number): string {
  return value < 100 ? threeDigits(value) : wholeNumber.format(value);
}

/** `780x`, `1.04x`. */
export function formatRatio(value: number): string {
  return `${formatCount(value)}x`;
}

function threeDigits(value: number): string {
  if (value >= 99.95) return wholeNumber.format(value);
  return value >= 9.995 ? value.toFixed(1) : value.toFixed(2);
}
