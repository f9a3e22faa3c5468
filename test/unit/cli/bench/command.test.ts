import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type BenchReport, type WayId, wayIds } from "../../../../src/cli/bench/report.js";
import { loadNative } from "../../../../src/internal/loader.js";
import { nearfar, type Outcome, startNearfar } from "../run.js";
import { nestingProblem } from "./well-formed.js";

/** Not a limit on the bench: a quick run takes a quarter of a minute on a machine left alone. */
const patienceMs = 300_000;

const operationIds = ["hash-13", "hash-1k", "hash-1m", "sign", "verify", "cos"];
const nearWays: readonly WayId[] = ["near", "near-promise"];
const asideWays: readonly WayId[] = process.platform === "linux" ? ["aside"] : [];
const farWays = wayIds.filter((way) => ![...nearWays, "aside"].includes(way));
const hasUnixSockets = process.platform !== "win32";
const farWaysHere = farWays.filter((way) => hasUnixSockets || !way.startsWith("unix"));

let directory: string;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "nearfar-bench-test-"));
});

afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** Has the bench and its server keep their temporary files where the tests can see them. */
function temporary(): Record<string, string> {
  return { TMPDIR: directory, TEMP: directory };
}

function expectMeasured(report: BenchReport, ways: readonly WayId[]): void {
  expect(report.operations.map(({ id }) => id)).toEqual(operationIds);
  expect(report.agreement.ways).toEqual(ways);
  expect(report.agreement.calls).toBeGreaterThan(operationIds.length * ways.length);
  for (const { measurements } of report.operations) {
    expect(measurements.map(({ way }) => way)).toEqual(ways);
    for (const { samples, callsPerSample, calls, p50, p95, p99, callsPerSecond } of measurements) {
      expect(samples).toBeGreaterThan(0);
      expect(calls).toBe(samples * callsPerSample);
      expect(p50).toBeGreaterThan(0);
      expect(p95).toBeGreaterThanOrEqual(p50);
      expect(p99).toBeGreaterThanOrEqual(p95);
      expect(callsPerSecond).toBeGreaterThan(0);
    }
  }
  expect(report.million.http.map(({ way }) => way)).toEqual(["tcp", "tcp-64"]);
  for (const { sampledCalls, callsPerSecond, extrapolatedSeconds } of report.million.http) {
    expect(sampledCalls).toBeGreaterThan(0);
    expect(extrapolatedSeconds).toBeCloseTo(1e6 / callsPerSecond);
  }
}

describe.runIf(loadNative().binding !== undefined)("nearfar bench --quick --json", () => {
  let outcome: Outcome;
  let report: BenchReport;

  beforeAll(async () => {
    const args = ["bench", "--quick", "--json", "--svg", "chart.svg", "--seed", "7"];
    outcome = await nearfar(args, { cwd: directory, env: temporary() });
    expect(outcome).toMatchObject({ status: 0 });
    report = JSON.parse(outcome.stdout) as BenchReport;
  }, patienceMs);

  it("measures every operation in every way, near and far", () => {
    expectMeasured(report, [...nearWays, ...asideWays, ...farWaysHere]);
    expect(report).toMatchObject({ quick: true, seed: 7 });
    const missing = [
      ...(asideWays.length > 0 ? [] : ["aside"]),
      ...(hasUnixSockets ? [] : ["unix"]),
    ];
    expect(report.missing.map(({ place }) => place)).toEqual(missing);
  });

  it("relates every way to near", () => {
    for (const { measurements } of report.operations) {
      const near = measurements.find(({ way }) => way === "near");
      for (const { nearTimes, callsPerSecond } of measurements) {
        expect(nearTimes).toBeCloseTo((near?.callsPerSecond ?? 0) / callsPerSecond);
      }
    }
  });

  it("really hashes a million times near", () => {
    expect(report.million.near?.calls).toBe(1_000_000);
    expect(report.million.near?.seconds).toBeGreaterThan(0);
  });

  it("describes the machine and the method", () => {
    expect(report.machine.node).toBe(process.versions.node);
    expect(report.machine.cores).toBeGreaterThan(0);
    expect(report.method.percentiles).toContain("nearest-rank");
    expect(Number.isNaN(Date.parse(report.date))).toBe(false);
  });

  it("writes the report and the chart, and names them on standard error", () => {
    expect(outcome.stderr).toContain("chart.svg, nearfar-bench.html");
    for (const file of ["nearfar-bench.html", "chart.svg"]) {
      expect(nestingProblem(readFileSync(join(directory, file), "utf8"))).toBeUndefined();
    }
  });

  it("draws no progress where standard error is no terminal", () => {
    expect(outcome.stderr.trim().split("\n")).toHaveLength(1);
  });

  it("leaves nothing behind but the files it names", () => {
    expect(readdirSync(directory).sort()).toEqual(["chart.svg", "nearfar-bench.html"]);
  });
});

describe("nearfar bench without the native binary", () => {
  it(
    "shows the far ways and says why near is missing",
    async () => {
      const file = join(directory, "far.json");
      const args = ["bench", "--quick", "--no-html", "--json", file];
      const outcome = await nearfar(args, { cwd: directory, env: { NEARFAR_NATIVE: "off" } });
      expect(outcome).toMatchObject({ status: 0, stderr: "" });
      expect(outcome.stdout).toMatch(/^near: not measured here\./m);
      expect(outcome.stdout.replaceAll("\n", " ")).toContain("switched off by NEARFAR_NATIVE=off");
      for (const line of outcome.stdout.split("\n")) expect(line.length).toBeLessThanOrEqual(100);

      const report = JSON.parse(readFileSync(file, "utf8")) as BenchReport;
      expectMeasured(report, farWaysHere);
      expect(report.missing[0]?.place).toBe("near");
      expect(report.million.near).toBeUndefined();
    },
    patienceMs,
  );
});

describe("nearfar bench, ended early", () => {
  async function startBench() {
    const args = ["bench", "--quick", "--html", join(directory, "unwritten.html")];
    const env = { ...temporary(), NEARFAR_DEBUG: "1" };
    const running = await startNearfar(args, "server process", env);
    const pid = Number(/server process (\d+)/.exec(running.output)?.[1]);
    expect(isRunning(pid)).toBe(true);
    return { running, pid };
  }

  it("by Ctrl-C stops its server, says so and exits with 130", async () => {
    const { running, pid } = await startBench();
    const { status, stdout, stderr } = await running.stop("SIGINT");
    expect({ status, stdout }).toEqual({ status: 130, stdout: "" });
    expect(stderr).toContain("interrupted");
    expect(isRunning(pid)).toBe(false);
    expect(readdirSync(directory)).not.toContain("unwritten.html");
  });

  it("by a kill leaves no server running", async () => {
    const { running, pid } = await startBench();
    await running.stop("SIGKILL");
    while (isRunning(pid)) await delay(10);
    expect(readdirSync(directory).filter((name) => name.startsWith("nearfar-bench-"))).toEqual([]);
  });

  function isRunning(pid: number): boolean {
    try {
      return process.kill(pid, 0);
    } catch {
      return false;
    }
  }
});
