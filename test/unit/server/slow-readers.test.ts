import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, it } from "vitest";
import { repositoryRoot } from "../../support/compile.js";

/** Of an item: large, so that what the system keeps of a connection is few of them. */
const BYTES = 4_000;
const ITEMS = 24_000;

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

it("what a slow reader has both sides hold is a small part of its stream", {
  timeout: 300_000,
}, () => {
  const reports = measure(ITEMS);
  expect(reports.map(({ name }) => name)).toEqual(["NDJSON", "SSE", "WebSocket"]);
  for (const { received, ahead, server, reader } of reports) {
    expect(received).toBe(ITEMS);
    // The system's buffers take some thousand of them; what lies there is not in use.
    expect(ahead).toBeLessThan(ITEMS / 4);
    expect(server).toBeLessThan((ITEMS * BYTES) / 4);
    expect(reader).toBeLessThan((ITEMS * BYTES) / 4);
  }
});
