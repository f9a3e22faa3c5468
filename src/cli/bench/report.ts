import type { Machine } from "./machine.js";

/** The ways to call, in the order they are shown. */
export const WAYS = {
  near: { label: "near", place: "near", inFlight: 1 },
  "near-promise": { label: "near, promise", place: "near", inFlight: 1 },
  aside: { label: "aside, promise", place: "aside", inFlight: 1 },
  unix: { label: "far, Unix socket", place: "unix", inFlight: 1 },
  "unix-64": { label: "far, Unix socket, 64 in flight", place: "unix", inFlight: 64 },
  tcp: { label: "far, TCP", place: "tcp", inFlight: 1 },
  "tcp-64": { label: "far, TCP, 64 in flight", place: "tcp", inFlight: 64 },
} as const satisfies Record<string, { label: string; place: string; inFlight: number }>;

export type WayId = keyof typeof WAYS;

/** Where the called code runs: in this process, in a helper, or behind one of two sockets. */
export type PlaceId = (typeof WAYS)[WayId]["place"];

export const wayIds = Object.keys(WAYS) as WayId[];

/** One operation called in one way. Times are nanoseconds a call. */
export interface Measurement {
  readonly way: WayId;
  /** Timed intervals; each is `callsPerSample` calls long, and counts as their mean. */
  readonly samples: number;
  readonly callsPerSample: number;
  readonly calls: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly callsPerSecond: number;
  /** How many times the calls a second near makes; absent when near was not measured. */
  readonly nearTimes: number | undefined;
}

export interface OperationReport {
  readonly id: string;
  readonly label: string;
  readonly measurements: readonly Measurement[];
}

/** The check before timing: the same calls in all ways, results compared. */
export interface AgreementReport {
  readonly ways: readonly WayId[];
  readonly calls: number;
}

/** A way that could not be measured here, and why. */
export interface MissingPlace {
  readonly place: PlaceId;
  readonly reason: string;
}

/** One million hashes: counted out near; over HTTP a sample, and the time a million would take. */
export interface MillionReport {
  readonly bytes: number;
  readonly near: { readonly calls: number; readonly seconds: number } | undefined;
  readonly http: readonly HttpRate[];
}

export interface HttpRate {
  readonly way: WayId;
  readonly sampledCalls: number;
  readonly callsPerSecond: number;
  /** For one million calls at the sampled rate; not run. */
  readonly extrapolatedSeconds: number;
}

/** Everything the bench found out; `--json` prints it, the table and the charts show it. */
export interface BenchReport {
  readonly nearfar: string;
  readonly commit: string | undefined;
  readonly date: string;
  readonly quick: boolean;
  readonly seed: number;
  readonly seconds: number;
  readonly machine: Machine;
  readonly method: { readonly percentiles: string; readonly samples: string };
  readonly missing: readonly MissingPlace[];
  readonly agreement: AgreementReport;
  readonly operations: readonly OperationReport[];
  readonly million: MillionReport;
}
