import { spawn } from "node:child_process";
import { join } from "node:path";
import { expect, it } from "vitest";
import { repositoryRoot } from "../../support/compile.js";

/** NEARFAR_FLOOD=100000 for the whole of it. */
const REQUESTS = Number(process.env.NEARFAR_FLOOD ?? 2_000);

interface Memory {
  /** After full collections. */
  readonly live: number;
}

interface Calls {
  readonly calls: number;
  readonly wrong: number;
}

interface Report {
  readonly outcomes: readonly (readonly [string, number])[];
  readonly wrong: readonly unknown[];
  readonly memoryBefore: Memory;
  readonly memoryAfter: Memory;
  readonly before: Calls;
  readonly during: Calls;
}

function flood(): Promise<Report> {
  const script = join(repositoryRoot, "test", "load", "flood.mjs");
  const args = [script, "--requests", String(REQUESTS), "--calm", "200", "--json"];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "ignore"] });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text;
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", () => {
      if (output === "") reject(new Error("the flood ended without a report"));
      else resolve(JSON.parse(output) as Report);
    });
  });
}

it("bad requests get what they deserve, good callers their answers, and memory stays", {
  timeout: 900_000,
}, async () => {
  const { outcomes, wrong, memoryBefore, memoryAfter, before, during } = await flood();
  expect(wrong).toEqual([]);
  const counts = outcomes.map(([, count]) => count);
  expect(counts.reduce((sum, count) => sum + count)).toBe(REQUESTS);
  const ways = new Set(outcomes.map(([outcome]) => outcome.split(" ", 1)[0]));
  expect([...ways].sort()).toEqual(["HTTP/1.1", "HTTP/2", "WebSocket"]);
  for (const { calls, wrong } of [before, during]) {
    expect(calls).toBeGreaterThan(0);
    expect(wrong).toBe(0);
  }
  // A quarter is about 4 MiB, which is 2 KiB of each of 2,000 requests.
  expect(memoryAfter.live).toBeLessThan(memoryBefore.live * 1.25);
});
