// Does the event loop go on while the asynchronous forms work? "Node alone, idle" is what the machine
// does to it: on a busy one only the main thread's own work between two turns says something. "Node
// alone, 500,000 texts" is what V8's collections do to any program that makes so many.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { benchDirectory } from "../support/build.mjs";
import { median, table } from "../support/report.mjs";

const MOST_MS = 5;
const FILE_BYTES = 256 * 1024 * 1024;

export function measureDelays({ rounds }) {
  const directory = mkdtempSync(join(tmpdir(), "nearfar-bench-"));
  try {
    const path = join(directory, "file");
    writeFileSync(path, Buffer.alloc(FILE_BYTES, 1));
    const delays = run().map((name) => {
      const samples = Array.from({ length: rounds }, () => run(name, path));
      const of = (kind) => samples.map((sample) => sample[kind]);
      return {
        name,
        longest: Math.max(...of("longest")),
        usual: median(of("longest")),
        p99: median(of("p99")),
        own: samples[0].own === undefined ? undefined : Math.max(...of("own")),
        collection: Math.max(...of("collection")),
      };
    });
    return { delays, budgets: judge(delays) };
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** What the script for one form says; without one, the names of all. */
function run(...given) {
  const script = join(benchDirectory, "crypto", "delays-measure.mjs");
  return JSON.parse(execFileSync(process.execPath, [script, ...given], { encoding: "utf8" }));
}

function judge(delays) {
  return delays
    .filter(({ name }) => !name.startsWith("Node alone"))
    .map(({ name, longest, own = longest }) => ({
      what: `event loop held up by ${name}, the longest in ms`,
      measured: own,
      ratio: MOST_MS,
      met: own <= MOST_MS,
    }));
}

export function printDelays({ delays }) {
  const rows = delays.map(({ name, p99, usual, longest, own, collection }) => [
    name,
    ...[p99, usual, longest, own, collection].map((value) => value?.toFixed(1) ?? ""),
  ]);
  const head = [
    "event loop late, ms",
    "p99",
    "a run's longest",
    "of all",
    "own work",
    "collection",
  ];
  console.log(table([head, ...rows]));
}
