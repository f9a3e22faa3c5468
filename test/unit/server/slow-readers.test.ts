import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, it } from "vitest";
import { repositoryRoot } from "../../support/compile.js";

/** Of an item: large, so that what the system keeps of a connection is few of them. */
const BYTES = 4_000;
const ITEMS = 4_000;
const TIMES_AS_MANY = 4;
const MEBIBYTE = 1024 * 1024;

interface Report {
  readonly name: string;
  readonly received: number;
  /** Items that the server had made and the reader had not had. */
  readonly ahead: number;
  /** Bytes in use, after full collections, beyond what was before. */
  readonly server: number;
  readonly reader: number;
}

function measure(items: number): readonly Report[] {
  const script = join(repositoryRoot, "test", "load", "slow-readers.mjs");
  const args = ["--expose-gc", script, "--bytes", String(BYTES), "--stops", "4", "--json"];
  const child = spawnSync(process.execPath, [...args, "--items", String(items)], {
    encoding: "utf8",
  });
  expect(child.status, child.stderr).toBe(0);
  return JSON.parse(child.stdout) as readonly Report[];
}

it("what a slow reader has both sides hold does not grow with its stream", {
  timeout: 300_000,
}, () => {
  const short = measure(ITEMS);
  const long = measure(ITEMS * TIMES_AS_MANY);
  expect(long.map(({ name }) => name)).toEqual(["NDJSON", "SSE", "WebSocket"]);
  for (const [index, { received, ahead, server, reader }] of long.entries()) {
    const before = short[index];
    expect(received).toBe(ITEMS * TIMES_AS_MANY);
    expect(ahead).toBeLessThan(Math.max(100, before?.ahead ?? 0) * (TIMES_AS_MANY / 2));
    // What lies in the system's buffers is not in use; 64 MB went through them.
    expect(server).toBeLessThan(Math.max(MEBIBYTE, before?.server ?? 0) * (TIMES_AS_MANY / 2));
    expect(reader).toBeLessThan(Math.max(2 * MEBIBYTE, before?.reader ?? 0) * (TIMES_AS_MANY / 2));
  }
});
