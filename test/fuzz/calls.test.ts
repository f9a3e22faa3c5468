import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { repositoryRoot } from "../support/compile.js";
import { seed } from "../support/random.js";

/**
 * Whole calls with hostile values: see calls/run.mjs, which compares processes that make them by
 * V8, by Node-API and without generated code, each also asynchronously. `NEARFAR_SEED` repeats a
 * run; `NEARFAR_CASES` sets how many.
 */
const cases = Number(process.env.NEARFAR_CASES ?? 3000);

describe.runIf(process.platform === "linux")(`whole calls (NEARFAR_SEED=${seed})`, () => {
  it(`${cases} of them give the same or are refused in the same words in every way`, {
    timeout: 0,
  }, () => {
    const script = join(repositoryRoot, "test", "fuzz", "calls", "run.mjs");
    const args = [script, "--cases", String(cases), "--seed", String(seed)];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, {
      encoding: "utf8",
      maxBuffer: 64 * 1024 * 1024,
    });
    expect(status, `${stdout}${stderr}`).toBe(0);
    const { accepted, optimised, ...totals } = JSON.parse(stdout) as Record<string, number>;
    expect(totals).toEqual({ seed, cases });
    expect(accepted).toBeGreaterThan(cases / 4);
    // Only on targets that have V8's crossing is there something to optimise for.
    expect(optimised).toBeGreaterThan(0);
  });
});
