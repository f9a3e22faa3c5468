// How fast is hashFile beside `openssl dgst`, on a file in the page cache?
import { spawnSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hashFile } from "../../dist/crypto/index.js";
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
    return { bytes, samples, budgets: judge(samples) };
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

function judge(samples) {
  if (samples["openssl dgst"].length === 0) return [];
  const measured = median(samples.hashFile) / median(samples["openssl dgst"]);
  const ratio = 1 / 0.9;
  return [{ what: "hashFile / openssl dgst", measured, ratio, met: measured <= ratio }];
}

export function printFile({ bytes, samples }) {
  const rows = Object.entries(samples)
    .filter(([, values]) => values.length > 0)
    .map(([name, values]) => [
      name,
      median(values).toFixed(0),
      `${(bytes / MiB / 1024 / (median(values) / 1000)).toFixed(2)} GiB/s`,
      `±${Math.round(spread(values) * 100)}%`,
    ]);
  console.log(table([[`a file of ${bytes / MiB} MiB`, "ms", "", ""], ...rows]));
}
