import { formatCount, formatDuration, formatRatio } from "../format.js";
import {
  type BenchReport,
  type MillionReport,
  type MissingPlace,
  type OperationReport,
  WAYS,
  type WayId,
} from "./report.js";

/** Over the lines of `ratioLines`. */
export const ratioHeading = "Calls a second near, as a multiple of the others";

/** One line an operation, in plain words. */
export function ratioLines({ operations }: BenchReport): string[] {
  return operations.flatMap((operation) => {
    const times = [
      { of: "aside", value: nearTimes(operation, "aside") },
      { of: "TCP", value: nearTimes(operation, "tcp") },
      { of: "a Unix socket", value: nearTimes(operation, "unix") },
      { of: "TCP with 64 in flight", value: nearTimes(operation, "tcp-64") },
    ].flatMap(({ of, value }) => (value === undefined ? [] : [`${formatRatio(value)} ${of}`]));
    return times.length === 0 ? [] : [`${operation.label}: ${times.join(", ")}`];
  });
}

function nearTimes(operation: OperationReport, way: WayId): number | undefined {
  return operation.measurements.find((each) => each.way === way)?.nearTimes;
}

export function missingLine({ place, reason }: MissingPlace): string {
  return `${place}: not measured here. ${reason}`;
}

/** What one million hashes take near, and would take over HTTP. */
export function millionLines({ bytes, near, http }: MillionReport): string[] {
  const lines =
    near === undefined
      ? []
      : [`${inFull(near.calls)} hashes of ${bytes} B, near: ${seconds(near.seconds)}`];
  for (const { way, sampledCalls, callsPerSecond, extrapolatedSeconds } of http) {
    lines.push(
      `${WAYS[way].label}: ${formatCount(callsPerSecond)}/s over ` +
        `${inFull(sampledCalls)} requests; a million would take ` +
        `${seconds(extrapolatedSeconds)} (extrapolated)`,
    );
  }
  return lines;
}

function inFull(value: number): string {
  return value.toLocaleString("en-US");
}

function seconds(value: number): string {
  return formatDuration(value * 1e9);
}
