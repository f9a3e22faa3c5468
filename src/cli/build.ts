#!/usr/bin/env node
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, statSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { explainLoaderMessage } from "../internal/dlopen-problem.js";
import { builtHelper } from "../internal/helper.js";
import { type BuiltFrom, describeStale, isCurrent } from "../internal/loader.js";
import { packageRoot } from "../internal/package-info.js";
import { findPrebuild } from "../internal/prebuild.js";
import { builtBinary, builtLibrary, compileAddon } from "./compile.js";

/**
 * `nearfar-build`: compiles the native binary here. In a clone, npm's `prepare` runs it with
 * `--if-needed`; in an installed package a user runs it where no prebuild fits.
 */
const help = `Usage: nearfar-build [--if-needed]

Compiles nearfar's native binary and its C library into build/Release with node-gyp.
Needs a C++20 compiler, make and Python 3 (Windows: Visual Studio's C++ build tools, Python 3).

  --if-needed  do nothing when a prebuild fits or the last build is up to date; where it cannot
               be compiled, say so in one line and succeed: nearfar works without it
  -h, --help   show this text

Exit codes: 0 done, 1 the compilation failed, 2 wrong usage`;

const options = {
  "if-needed": { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const;

/** How much of node-gyp's log a failure shows. */
const logLines = 30;

/** npm runs these while it installs; failing there would make the whole installation fail. */
const installEvents = new Set(["preinstall", "install", "postinstall", "prepare"]);

/** Prints what the binary it is given was built from, or the reason that it does not load. */
const loadScript = `
  try {
    const { version, contract } = require(process.argv[1]);
    process.stdout.write(JSON.stringify({ version, contract }));
  } catch (error) {
    process.stdout.write(error.message);
    process.exitCode = 1;
  }`;

process.exitCode = await main();

async function main(): Promise<number> {
  let ifNeeded: boolean;
  try {
    const { values } = parseArgs({ options });
    if (values.help === true) {
      console.log(help);
      return 0;
    }
    ifNeeded = values["if-needed"] === true;
  } catch (error) {
    console.error(`nearfar-build: ${error instanceof Error ? error.message : String(error)}`);
    return 2;
  }
  if (ifNeeded && hasUsableBinary()) return 0;
  return build(ifNeeded || installEvents.has(process.env.npm_lifecycle_event ?? ""));
}

async function build(tolerant: boolean): Promise<number> {
  const started = performance.now();
  const outcome = await compileAddon();
  const problem = outcome.ok ? loadingProblem(outcome.path) : outcome.problem;
  if (problem === undefined) {
    // make leaves a binary alone that no source of its own is newer than; `--if-needed` should too.
    utimesSync(builtBinary, new Date(), new Date());
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    console.log(`nearfar-build: compiled ${builtBinary} in ${seconds} s`);
    return 0;
  }
  if (tolerant) {
    console.log(
      `nearfar: no native binary: ${problem}. Everything still works without it ` +
        "(node:crypto, HTTP); `npx nearfar-build` compiles it later.",
    );
    return 0;
  }
  if (!outcome.ok) console.error(outcome.log.trimEnd().split("\n").slice(-logLines).join("\n"));
  console.error(`nearfar-build: ${problem}`);
  return 1;
}

/** True when the loader will find a binary that loads and is not older than its sources. */
function hasUsableBinary(): boolean {
  const prebuild = findPrebuild();
  if (prebuild !== undefined && loadingProblem(prebuild) === undefined) return true;
  if (!existsSync(builtBinary) || loadingProblem(builtBinary) !== undefined) return false;
  if (!existsSync(builtLibrary) || !existsSync(builtHelper)) return false;
  return statSync(builtBinary).mtimeMs >= newestSourceTime();
}

/** Milliseconds since the epoch. */
function newestSourceTime(): number {
  const sources = join(packageRoot, "native");
  const times = readdirSync(sources, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => statSync(join(entry.parentPath, entry.name)).mtimeMs);
  return Math.max(...times);
}

/**
 * Loads the binary in a process of its own: a broken one could crash ours, and Windows could not
 * replace a file that we have loaded.
 */
function loadingProblem(path: string): string | undefined {
  const args = ["--eval", loadScript, path];
  const { status, stdout } = spawnSync(process.execPath, args, { encoding: "utf8" });
  if (status !== 0) {
    const reason = explainLoaderMessage(stdout) ?? stdout.split("\n")[0];
    return `${path} does not load: ${reason || "it crashes"}`;
  }
  const built = JSON.parse(stdout) as BuiltFrom;
  return isCurrent(built) ? undefined : `${path} ${describeStale(built)}`;
}
