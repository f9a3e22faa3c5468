#!/usr/bin/env node
// Whole calls, hostile values included, in processes that differ in how calls are made: the same
// result or the same error, and the same arguments afterwards, whether synchronous or not.
//
//   node test/fuzz/calls/run.mjs --cases 100000 --seed 7
//   node test/fuzz/calls/run.mjs --seed 7 --functions 150 --first 1234 --cases 1
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { compile, run } from "../../conformance/generate/compiler.mjs";
import { makeFunctions, sourceOf } from "./signatures.mjs";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const program = fileURLToPath(new URL("./program.mjs", import.meta.url));

/** How the processes differ. */
const MODES = {
  v8: { flags: ["--allow-natives-syntax"], env: {} },
  "node-api": { flags: [], env: { NEARFAR_FAST: "off" } },
  interpreted: { flags: ["--disallow-code-generation-from-strings"], env: {} },
};

const { values: given } = parseArgs({
  options: {
    cases: { type: "string", default: process.env.NEARFAR_CASES ?? "3000" },
    first: { type: "string", default: "0" },
    functions: { type: "string", default: "150" },
    seed: { type: "string", default: process.env.NEARFAR_SEED ?? String(Date.now() % 2 ** 32) },
    node: { type: "string", default: process.execPath },
    package: { type: "string", default: join(root, "dist", "ffi", "index.js") },
  },
});
const seed = Number(given.seed);
process.exitCode = await main();

async function main() {
  mkdirSync(join(root, "out"), { recursive: true });
  const directory = mkdtempSync(join(root, "out", "fuzz-"));
  const library = join(directory, "calls.so");
  const source = join(directory, "calls.c");
  writeFileSync(source, sourceOf(makeFunctions(seed, Number(given.functions))));
  await compile(process.env.CC ?? "cc", source, library);
  const runs = await Promise.all(Object.keys(MODES).map((mode) => runMode(mode, library)));
  const problems = compare(runs);
  rmSync(directory, { recursive: true });
  for (const problem of problems.slice(0, 5)) console.error(`seed ${seed}: ${problem}\n`);
  const [{ lines, end }] = runs;
  const accepted = lines.filter((line) => line.includes(") gives ")).length / 2;
  const optimised = Number(end?.split(" ").at(-1) ?? 0);
  console.log(JSON.stringify({ seed, cases: lines.length / 2, accepted, optimised }));
  return problems.length === 0 ? 0 : 1;
}

async function runMode(mode, library) {
  const { flags, env } = MODES[mode];
  const options = {
    entry: pathToFileURL(resolve(given.package)).href,
    library,
    seed,
    ...{
      functions: Number(given.functions),
      cases: Number(given.cases),
      first: Number(given.first),
    },
  };
  const { status, output } = await run(
    given.node,
    [...flags, program, JSON.stringify(options)],
    env,
  );
  const lines = output.trimEnd().split("\n");
  const end = status === 0 ? lines.pop() : undefined;
  return { mode, status, lines, end };
}

/** What differs, in words: each line of the first process with those of the others. */
function compare([reference, ...others]) {
  const problems = [];
  for (const { mode, status, lines } of [reference, ...others]) {
    if (status !== 0)
      problems.push(`${mode} ended with ${status} after\n${lines.slice(-3).join("\n")}`);
  }
  for (let at = 0; at < reference.lines.length; at += 2) {
    const [sync, async = ""] = reference.lines.slice(at, at + 2);
    const answer = async.replace(" async ", " sync ");
    if (answer !== sync) problems.push(`not the same asynchronously:\n${sync}\n${async}`);
    for (const { mode, lines } of others) {
      for (const [offset, line] of [sync, async].entries()) {
        const other = lines[at + offset];
        if (other !== line) problems.push(`v8 and ${mode} differ:\n${line}\n${other}`);
      }
    }
  }
  return problems;
}
