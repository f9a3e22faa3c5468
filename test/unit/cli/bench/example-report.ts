import {
  type BenchReport,
  type Measurement,
  type WayId,
  wayIds,
} from "../../../../src/cli/bench/report.js";

/** Nanoseconds a call near, of the shortest and the longest operation: extremes of a table. */
const nearTimes = { "hash 13 B": 140, "hash 1 MiB": 480_000, "cos <libm>": 10.4 };

const factors: Record<WayId, number> = {
  near: 1,
  "near-promise": 1.6,
  aside: 28.5,
  unix: 400.5,
  "unix-64": 170,
  tcp: 12_345,
  "tcp-64": 240,
};

/** A report with made-up numbers, for tests of how reports are shown. */
export function exampleReport(ways: readonly WayId[] = wayIds): BenchReport {
  const hasNear = ways.includes("near");
  return {
    nearfar: "0.1.0",
    commit: "0123456789ab",
    date: "2026-11-21T10:00:00.000Z",
    quick: true,
    seed: 7,
    seconds: 15.2,
    machine: {
      cpu: "Example <CPU> & Co",
      cores: 2,
      memoryBytes: 8 * 2 ** 30,
      node: "20.20.2",
      os: "linux 6.1 x64",
    },
    method: { percentiles: "nearest-rank", samples: "batches" },
    missing: hasNear ? [] : [{ place: "near", reason: "no native binary: switched off" }],
    agreement: { ways, calls: 24 },
    operations: Object.entries(nearTimes).map(([label, time]) => ({
      id: label.replaceAll(" ", "-"),
      label,
      measurements: ways.map((way) => measurement(way, time, hasNear)),
    })),
    million: {
      bytes: 13,
      near: hasNear ? { calls: 1_000_000, seconds: 0.142 } : undefined,
      http: [
        { way: "tcp", sampledCalls: 9_000, callsPerSecond: 9_000, extrapolatedSeconds: 111 },
        { way: "tcp-64", sampledCalls: 15_000, callsPerSecond: 15_000, extrapolatedSeconds: 66.7 },
      ],
    },
  };
}

function measurement(way: WayId, nearTime: number, hasNear: boolean): Measurement {
  const p50 = nearTime * factors[way];
  return {
    way,
    samples: 1000,
    callsPerSample: 1,
    calls: 1000,
    p50,
    p95: p50 * 1.2,
    p99: p50 * 2.5,
    callsPerSecond: 1e9 / p50,
    nearTimes: hasNear ? factors[way] : undefined,
  };
}
