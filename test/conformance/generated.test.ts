import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { repositoryRoot } from "../support/compile.js";
import { seed } from "../support/random.js";

/**
 * Random signatures and every small aggregate against the C compiler: see run.mjs, which compares
 * `dist` (the global setup brings it up to date) in processes of their own. `NEARFAR_SEED` repeats
 * a run; `NEARFAR_SIGNATURES` and `NEARFAR_FIELDS` set how many: CI takes 5,000 and 2.
 */
const signatures = Number(process.env.NEARFAR_SIGNATURES ?? 1000);
const fields = Number(process.env.NEARFAR_FIELDS ?? 2);
/** Through a helper process: 2,000 take a minute or two. */
const isolatedSignatures = Number(process.env.NEARFAR_ISOLATED_SIGNATURES ?? 200);

describe.runIf(process.platform === "linux")(`generated C (NEARFAR_SEED=${seed})`, () => {
  it(`${signatures} signatures and all aggregates of ${fields} fields agree`, {
    timeout: 0,
  }, () => {
    const script = join(repositoryRoot, "test", "conformance", "run.mjs");
    const args = ["--signatures", signatures, "--seed", seed, "--fields", fields].map(String);
    const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], {
      encoding: "utf8",
      maxBuffer: 64 * 1024 * 1024,
    });
    expect(status, `${stdout}${stderr}`).toBe(0);
    const totals = JSON.parse(stdout.trim().split("\n").at(-1) ?? "{}") as Record<string, number>;
    expect(totals.functions).toBeGreaterThanOrEqual(signatures);
    for (const mode of ["v8", "node-api", "interpreted"]) {
      expect(totals[`${mode}: plain`], mode).toBeGreaterThan(0);
      expect(totals[`${mode}: callback`], mode).toBeGreaterThan(0);
    }
    expect(totals.optimised).toBeGreaterThan(0);
  });

  it(`${isolatedSignatures} signatures agree in a helper process`, { timeout: 0 }, () => {
    const script = join(repositoryRoot, "test", "conformance", "run.mjs");
    const modes = ["isolated", "isolated-interpreted"];
    const options = { signatures: isolatedSignatures, seed, fields: 0, modes: modes.join() };
    const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
    const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], {
      encoding: "utf8",
      maxBuffer: 64 * 1024 * 1024,
    });
    expect(status, `${stdout}${stderr}`).toBe(0);
    const totals = JSON.parse(stdout.trim().split("\n").at(-1) ?? "{}") as Record<string, number>;
    for (const mode of modes) {
      expect(totals[`${mode}: plain`], mode).toBeGreaterThan(0);
      expect(totals[`${mode}: async`], mode).toBeGreaterThan(0);
      expect(totals[`${mode}: callback`], mode).toBeGreaterThan(0);
    }
  });
});
