// How fast is hashFile beside `openssl dgst`, on a file in the page cache, and does the event loop go
// on meanwhile?
import { spawnSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { setTimeout } from "node:timers/promises";
import { hashAsync, hashFile, hashManyIntoAsync } from "../../dist/crypto/index.js";
import { median, spread, table } from "../support/report.mjs";

const MiB = 1024 * 1024;

export async function measureFile({ rounds, isQuick }) {
  const bytes = (isQuick ? 256 : 1024) * MiB;
  const directory = mkdtempSync(join(tmpdir(), "nearfar-bench-"));
  try {
    const path = join(directory, "file");
    const expected = write(path, bytes);
    const samples = { hashFile: [], "openssl dgst": [] };
    for (let round = 0; round < rounds + 1; round++) {
      const near = await timed(() => hashFile("sha256", path));
      if (near.value !== expected) throw new Error("hashFile is wrong");
      const openssl = await timed(() => spawnSync("openssl", ["dgst", "-sha256", path]));
      if (round === 0) continue; // The file gets into the page cache.
      samples.hashFile.push(near.milliseconds);
      if (openssl.value.status === 0) samples["openssl dgst"].push(openssl.milliseconds);
    }
    const delays = await measureDelays(path);
    return { bytes, samples, delays, budgets: judge(samples, delays) };
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function write(path, bytes) {
  const hash = createHash("sha256");
  const file = openSync(path, "w");
  for (let written = 0; written < bytes; written += 16 * MiB) {
    const chunk = randomBytes(16 * MiB);
    hash.update(chunk);
    writeSync(file, chunk);
  }
  closeSync(file);
  return hash.digest("hex");
}

async function timed(run) {
  const start = performance.now();
  const value = await run();
  return { value, milliseconds: performance.now() - start };
}

/** The longest that the event loop was late, in milliseconds; `idle` is what the machine does to it. */
async function measureDelays(path) {
  const data = new Uint8Array(128 * MiB);
  const out = new Uint8Array((data.length / 64) * 32);
  const work = {
    idle: () => setTimeout(500),
    hashFile: () => hashFile("sha256", path),
    hashAsync: () => hashAsync("sha256", data),
    hashManyIntoAsync: () => hashManyIntoAsync("sha256", { data, recordSize: 64 }, out),
  };
  const delays = {};
  for (const [name, run] of Object.entries(work)) {
    const monitor = monitorEventLoopDelay({ resolution: 1 });
    monitor.enable();
    await run();
    monitor.disable();
    // The monitor's own timer is due a millisecond after the one before.
    delays[name] = { longest: monitor.max / 1e6 - 1, p99: monitor.percentile(99) / 1e6 - 1 };
  }
  return delays;
}

function judge(samples, delays) {
  const entries = Object.entries(delays)
    .filter(([name]) => name !== "idle")
    .map(([name, { p99 }]) => ({
      what: `event loop late by ${name}, 99th percentile in ms`,
      measured: p99,
      ratio: 5,
    }));
  if (samples["openssl dgst"].length > 0) {
    const measured = median(samples.hashFile) / median(samples["openssl dgst"]);
    entries.push({ what: "hashFile / openssl dgst", measured, ratio: 1 / 0.9 });
  }
  return entries.map((entry) => ({ ...entry, met: entry.measured <= entry.ratio }));
}

export function printFile({ bytes, samples, delays }) {
  const rows = Object.entries(samples)
    .filter(([, values]) => values.length > 0)
    .map(([name, values]) => [
      name,
      median(values).toFixed(0),
      `${(bytes / MiB / 1024 / (median(values) / 1000)).toFixed(2)} GiB/s`,
      `±${Math.round(spread(values) * 100)}%`,
    ]);
  console.log(table([[`a file of ${bytes / MiB} MiB`, "ms", "", ""], ...rows]));
  const late = Object.entries(delays).map(([name, { longest, p99 }]) => [
    name,
    p99.toFixed(2),
    longest.toFixed(2),
  ]);
  console.log(`\n${table([["event loop late, ms", "99th percentile", "longest"], ...late])}`);
}
