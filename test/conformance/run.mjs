#!/usr/bin/env node
// Generated signatures against the C compiler: writes C functions with random signatures, compiles
// them, calls each in every way there is, and compares what C saw and what came back.
//
//   node test/conformance/run.mjs --signatures 50000 --seed 7
//
// Failures are made smaller and printed with the seed, the C source and the values.
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { sourceOf } from "./generate/c-source.mjs";
import { exists } from "./generate/compiler.mjs";
import { exhaustiveBatches } from "./generate/exhaustive.mjs";
import { hasPaddedUnion } from "./generate/padded-unions.mjs";
import { MODES, Runner, WAYS } from "./generate/runner.mjs";
import { shrink } from "./generate/shrink.mjs";
import { makeBatch } from "./generate/signatures.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));
const FUNCTIONS_PER_BATCH = 250;
/** Of types only: the other ways pass and return values as these do. */
const EXHAUSTIVE_WAYS = ["plain", "callback"];

const { values: given } = parseArgs({
  options: {
    /** How many random signatures. */
    signatures: { type: "string", default: process.env.NEARFAR_SIGNATURES ?? "5000" },
    seed: { type: "string", default: process.env.NEARFAR_SEED ?? String(Date.now() % 2 ** 32) },
    /** All structs and unions of up to so many fields besides; 0 for none. */
    fields: { type: "string", default: "3" },
    /** Compilers to use in turn, those that are there. */
    cc: { type: "string", default: "gcc,clang" },
    /** The program that runs the package, with arguments, where it is not this one. */
    node: { type: "string", default: process.execPath },
    /** The architecture of that program and compiler. */
    arch: { type: "string", default: process.arch },
    modes: { type: "string", default: Object.keys(MODES).join() },
    ways: { type: "string", default: WAYS.join() },
    jobs: { type: "string", default: String(availableParallelism()) },
    /** The package under test: its module of the call engine. */
    package: { type: "string", default: join(root, "dist", "ffi", "index.js") },
  },
});

const seed = Number(given.seed);
const modes = given.modes.split(",");
const ways = given.ways.split(",");
const isX64 = given.arch === "x64";
const target = { hasLongDouble: isX64, hasWin64: isX64, isExtended: isX64 };
mkdirSync(join(root, "out"), { recursive: true });
const directory = mkdtempSync(join(root, "out", "conformance-"));
const runner = new Runner({
  node: given.node.split(" "),
  entry: pathToFileURL(resolve(given.package)).href,
  directory,
});
process.exitCode = await main();

async function main() {
  const compilers = [];
  for (const name of given.cc.split(",")) if (await exists(name)) compilers.push(name);
  if (compilers.length === 0) throw new Error(`none of these compilers is here: ${given.cc}`);
  console.log(`seed ${seed}, ${compilers.join(" and ")}, ${modes.join(", ")}`);
  const totals = { functions: 0, optimised: 0 };
  let failed;
  const queue = numbered(allBatches());
  const worker = async () => {
    for (const [index, batch] of queue) {
      if (failed !== undefined) return;
      const compiler = compilerOf(batch, compilers[index % compilers.length], compilers);
      // Not `??= await`: that would assign what `failed` was before, over another worker's failure.
      const failure = await exerciseBatch(batch, compiler, totals);
      failed ??= failure;
    }
  };
  await Promise.all(Array.from({ length: Number(given.jobs) }, worker));
  if (failed !== undefined) {
    await report(failed);
    return 1;
  }
  rmSync(directory, { recursive: true });
  console.log(JSON.stringify({ seed, compilers, ...totals }));
  return 0;
}

/** By turns, but for what clang is known to compile wrong. */
function compilerOf({ types }, next, compilers) {
  if (next !== "clang" || !hasPaddedUnion(types)) return next;
  return compilers.find((name) => name !== "clang") ?? next;
}

function* allBatches() {
  const count = Number(given.signatures);
  for (let first = 0; first < count; first += FUNCTIONS_PER_BATCH) {
    const size = Math.min(FUNCTIONS_PER_BATCH, count - first);
    yield makeBatch((seed + first) >>> 0, { count: size, ...target });
  }
  const most = Number(given.fields);
  if (most === 0) return;
  for (const batch of exhaustiveBatches(seed, { most, ...target })) {
    yield { ...batch, modes: modes.slice(0, 1), ways: EXHAUSTIVE_WAYS };
  }
}

/** One iterator for all workers. */
function* numbered(items) {
  let index = 0;
  for (const item of items) yield [index++, item];
}

/** Undefined if all is well; the failure otherwise. */
async function exerciseBatch(batch, compiler, totals) {
  const files = await runner.build(batch, compiler);
  totals.functions += batch.functions.length;
  for (const mode of batch.modes ?? modes) {
    const outcome = await runner.exercise(files, mode, { ways: batch.ways ?? ways });
    if (!outcome.ok) return { batch, compiler, failure: outcome };
    totals.optimised += outcome.optimised;
    for (const [way, count] of Object.entries(outcome.calls)) {
      const key = `${mode}: ${way}`;
      totals[key] = (totals[key] ?? 0) + count;
    }
  }
  for (const file of Object.values(files)) rmSync(file);
  return undefined;
}

async function report({ batch, compiler, failure }) {
  const { name, mode, way, problems } = failure;
  console.error(`${name ?? "a type"} by ${way} (${mode}, ${compiler}), seed ${seed}:`);
  console.error(problems.join("\n"));
  if (name === undefined) return;
  console.error("making it smaller ...");
  const smallest = await shrink(batch, failure, async (candidate) => {
    const files = await runner.build(candidate, compiler);
    const outcome = await runner.exercise(files, mode, { ways: [way], rounds: 5 });
    return outcome.ok ? undefined : outcome;
  });
  console.error(smallest.failure.problems.join("\n"));
  console.error(sourceOf(smallest.batch).split("typedef int (*handler)(int);")[1]);
  console.error(`seed ${seed}; declared ${smallest.batch.functions[0].style}; files: ${directory}`);
}
