#!/usr/bin/env node
// Long runs: millions of calls without a leak, workers terminated and processes ended in the middle
// of everything, collections at the worst of times. Each scenario is a process of its own, on this
// Node or on others.
//
//   node test/soak/run.mjs --quick        a minute: what every change has to pass
//   node test/soak/run.mjs                ten million calls, as many hashes, a file of 4 GiB, and the
//                                         minute on other versions of Node
//   node test/soak/run.mjs --only async
import { existsSync, mkdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { compile, run } from "../conformance/generate/compiler.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));
const otherNodes = ["node22", "node24", "node26"]
  .map((name) => join(root, "test", "interop", "node_modules", name, "bin", "node"))
  .filter(existsSync);

const { values: given } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    /** Scenarios whose names contain this. */
    only: { type: "string", default: "" },
    /** The programs to run, separated by commas. */
    node: { type: "string" },
    jobs: { type: "string", default: String(availableParallelism()) },
    package: { type: "string", default: join(root, "dist", "ffi", "index.js") },
  },
});
const nodes =
  given.node?.split(",") ?? (given.quick ? [process.execPath] : [process.execPath, ...otherNodes]);

/**
 * Calls in a window, of which there are fourteen: see memory.mjs. The second number is --quick's.
 */
const CALLS = {
  scalars: [300_000, 30_000],
  strings: [100_000, 15_000],
  structs: [60_000, 8_000],
  callbacks: [60_000, 8_000],
  refusals: [30_000, 5_000],
  async: [60_000, 8_000],
  map: [150_000, 30_000],
  threads: [20_000, 2_000],
  libraries: [7_200, 800],
  resolving: [7_200, 2_000],
};

/** The same of hashes and signatures. */
const CRYPTO_CALLS = {
  hashes: [720_000, 60_000],
  manyHashes: [300_000, 60_000],
  hashers: [40_000, 8_000],
  signatures: [8_000, 800],
};

/** The same in a helper process. */
const ISOLATED_CALLS = {
  isolatedWaiting: [20_000, 2_000],
  isolatedPromises: [20_000, 2_000],
  isolatedQueue: [4_000, 800],
};

/** V8's own ways to collect early and often; one that a version does not know is left out. */
const COLLECTING = [
  ["--expose-gc"],
  ["--gc-interval=50"],
  ["--stress-compaction"],
  ["--stress-scavenge=90"],
  ["--always-turbofan"],
];

const outcomes = [];
process.exitCode = await main();

async function main() {
  const fixtures = await buildFixtures();
  const scenarios = [];
  for (const node of nodes) {
    const { output: version } = await run(node, ["--version"]);
    const isQuick = given.quick || node !== nodes[0];
    for (const scenario of await scenariosOf(node, fixtures, isQuick)) {
      if (scenario.name.includes(given.only)) {
        scenarios.push({ ...scenario, node, version: version.trim() });
      }
    }
  }
  const queue = scenarios.values();
  const worker = async () => {
    for (const scenario of queue) await runScenario(scenario);
  };
  await Promise.all(Array.from({ length: Number(given.jobs) }, worker));
  const failed = outcomes.filter(({ isGood }) => !isGood).length;
  console.log(`soak: ${outcomes.length} scenarios, ${failed} failed`);
  return failed === 0 && outcomes.length > 0 ? 0 : 1;
}

async function scenariosOf(node, fixtures, isQuick) {
  const pick = ([full, quick]) => (isQuick ? quick : full);
  const task = (extra) => JSON.stringify({ ...fixtures, ...extra });
  const scenario = (name, file, extra, rest = {}) => ({
    ...{ name, status: 0, flags: [], ...rest },
    args: [script(file), task(extra)],
  });
  const memory = Object.entries(CALLS).map(([kind, count]) =>
    scenario(`memory: ${kind}`, "calls.mjs", { kind, callsPerWindow: pick(count) }),
  );
  const crypto = Object.entries(CRYPTO_CALLS).map(([kind, count]) =>
    scenario(`memory: ${kind}`, "crypto.mjs", { kind, callsPerWindow: pick(count) }),
  );
  const isolated = Object.entries(process.platform === "linux" ? ISOLATED_CALLS : {}).map(
    ([kind, count]) =>
      scenario(`memory: ${kind}`, "isolated.mjs", { kind, callsPerWindow: pick(count) }),
  );
  const large = isQuick ? [] : [scenario("4 GiB", "large.mjs", {})];
  const { output } = await run(node, [script("exits.mjs"), task({})]);
  const exits = JSON.parse(output).map((name, moment) =>
    scenario(`exit ${name}`, "exits.mjs", { moment }, { status: 7 }),
  );
  const rounds = pick([200, 15]);
  const collections = [];
  for (const flags of COLLECTING) {
    const isKnown = (await run(node, [...flags, "--version"])).status === 0;
    if (!isKnown) continue;
    collections.push(scenario(`collections ${flags}`, "collections.mjs", { rounds }, { flags }));
  }
  const workers = scenario("workers", "workers.mjs", { workers: pick([400, 100]) });
  return [
    workers,
    ...memory,
    ...crypto,
    ...isolated,
    ...large,
    ...collections,
    ...repeated(exits, pick([10, 1])),
  ];
}

function repeated(list, times) {
  return Array.from({ length: times }, () => list).flat();
}

async function runScenario({ name, node, version, flags, args, status }) {
  const { status: actual, output } = await run(node, [...flags, ...args]);
  const isGood = actual === status;
  outcomes.push({ name, isGood });
  const words = output.trim();
  if (!isGood) console.error(`${version} ${name}: ended with ${actual}, not ${status}\n${words}`);
  else console.log(`${version} ${name}${words === "" ? "" : `\n    ${words}`}`);
}

function script(file) {
  return fileURLToPath(new URL(file, import.meta.url));
}

/** `{ entry, calls, threads }`: the package and the libraries of test/fixtures. */
async function buildFixtures() {
  const directory = join(root, "out", "soak");
  mkdirSync(directory, { recursive: true });
  const fixtures = { entry: pathToFileURL(resolve(given.package)).href };
  for (const name of ["calls", "threads"]) {
    fixtures[name] = join(directory, `lib${name}.so`);
    const source = join(root, "test", "fixtures", `${name}.c`);
    await compile(process.env.CC ?? "cc", source, fixtures[name]);
  }
  return fixtures;
}
