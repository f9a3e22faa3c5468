import { formatCount, formatDuration, formatRoundCount, formatRoundDuration } from "../format.js";
import { type Bar, renderBarChart } from "./chart.js";
import { type BenchReport, type Measurement, WAYS, type WayId, wayIds } from "./report.js";

/** The ways without waiting in one's own queue: their latency is the price of one call. */
export const oneAtATime = wayIds.filter((way) => WAYS[way].inFlight === 1);

/** p50 of each operation and way, with a whisker to p99. */
export function latencyChart(report: BenchReport, ways: readonly WayId[] = wayIds): string {
  return renderBarChart({
    title: "Time of one call",
    subtitle: "Bar: p50, whisker: up to p99. Each gridline is ten times the one before.",
    description: describe(report, ways, ({ p50 }) => formatDuration(p50)),
    groups: groups(report, ways, ({ p50, p99 }) => ({ value: p50, whisker: p99 })),
    format: formatDuration,
    formatTick: formatRoundDuration,
  });
}

/** Calls a second of each operation and way. */
export function throughputChart(report: BenchReport): string {
  return renderBarChart({
    title: "Calls a second",
    subtitle: "Each gridline is ten times the one before.",
    description: describe(report, wayIds, (each) => `${formatCount(each.callsPerSecond)} a second`),
    groups: groups(report, wayIds, ({ callsPerSecond }) => ({ value: callsPerSecond })),
    format: formatCount,
    formatTick: formatRoundCount,
  });
}

type Length = Pick<Bar, "value" | "whisker">;

function groups(
  report: BenchReport,
  ways: readonly WayId[],
  lengthOf: (each: Measurement) => Length,
) {
  return report.operations.map(({ label, measurements }) => ({
    heading: label,
    bars: measurements
      .filter(({ way }) => ways.includes(way))
      .map((each) => ({ label: WAYS[each.way].label, colour: each.way, ...lengthOf(each) })),
  }));
}

function describe(
  { operations }: BenchReport,
  ways: readonly WayId[],
  textOf: (each: Measurement) => string,
): string {
  return operations
    .map(({ label, measurements }) => {
      const values = measurements
        .filter(({ way }) => ways.includes(way))
        .map((each) => `${WAYS[each.way].label} ${textOf(each)}`);
      return `${label}: ${values.join(", ")}.`;
    })
    .join(" ");
}
