// Runs tests with the prebuilt binaries in the other systems that this machine has: AArch64 under
// an emulator, Debian 11 in a folder, musl with Bun, Windows under wine. On Debian 12, as root.
//
//   npm run prebuild -- --all
//   npm run test:platforms -- [linux-arm64 debian-11 musl win32-x64] [-- test files or folders]
//
// Without files it runs those of the call engine and of crypto. With --addon FILE it takes that addon instead
// of the prebuild. NEARFAR_DEBIAN11 is a folder for the Debian 11 system. What test files printed
// is in out/platforms/<system>/out/log.txt.
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { parseArgs } from "node:util";
import { PLATFORMS } from "./platforms.mjs";
import { root, stageTree } from "./stage.mjs";

const suites = ["test/unit/ffi", "test/unit/crypto"];
/** Then a file counts as hanging: under the emulator on a busy machine some take ten minutes. */
const hangsAfterMs = 1_800_000;

const separator = process.argv.indexOf("--");
const { values, positionals: names } = parseArgs({
  args: process.argv.slice(2, separator < 0 ? undefined : separator),
  allowPositionals: true,
  options: { addon: { type: "string" } },
});
const filesFor = (platform) =>
  separator < 0 ? [...suites, ...(platform.besides ?? [])] : process.argv.slice(separator + 1);
const unknown = names.find((name) => !(name in PLATFORMS));
if (unknown !== undefined) {
  throw new Error(`a system must be one of ${Object.keys(PLATFORMS).join(", ")}, got ${unknown}`);
}
if (values.addon !== undefined && names.length !== 1) {
  throw new Error(`--addon is for one system, got ${names.length}`);
}
for (const name of names.length > 0 ? names : Object.keys(PLATFORMS)) {
  if (!(await runSuites(name, PLATFORMS[name]))) process.exitCode = 1;
}

async function runSuites(name, platform) {
  const tree = join(root, "out", "platforms", name);
  stageTree(tree, platform, values.addon);
  const system = await platform.start(tree);
  const total = { pass: 0, fail: 0, skip: 0 };
  try {
    compileFixtures(tree, platform.target, system.compiler);
    const files = filesFor(platform).flatMap((path) => testFiles(tree, path, platform.beyond));
    for (const file of files) {
      const outcome = await runFile(tree, system, file);
      print(name, file, outcome);
      for (const { state } of outcome) total[state in total ? state : "skip"]++;
    }
  } finally {
    system.stop();
  }
  console.log(`${name}: ${total.pass} passed, ${total.fail} failed, ${total.skip} skipped`);
  return total.fail === 0 && total.pass > 0;
}

/** What came of each test; of a file that does not end by itself, that it did not. */
async function runFile(tree, system, file) {
  const results = join(tree, "out", "results.json");
  rmSync(results, { force: true });
  // Under wine standard output has to be a file.
  const log = openSync(join(tree, "out", "log.txt"), "a");
  const [command, ...first] = system.command;
  const script = "test/platforms/in-process/run-file.mjs";
  const child = spawn(command, [...first, script, file, "out/results.json"], {
    cwd: tree,
    env: { ...process.env, NEARFAR_NATIVE: "", ...system.env },
    stdio: ["ignore", log, log],
    timeout: hangsAfterMs,
    killSignal: "SIGKILL",
  });
  const [status, signal] = await once(child, "exit");
  closeSync(log);
  try {
    const { tests, errors } = JSON.parse(readFileSync(results, "utf8"));
    return errors.length === 0 ? tests : [...tests, failure("the file", errors)];
  } catch {
    return [failure("the file", [`its process ended with ${signal ?? status}, without results`])];
  }
}

function failure(name, errors) {
  return { name, state: "fail", errors };
}

function print(name, file, outcome) {
  const failed = outcome.filter(({ state }) => state === "fail");
  const sum = failed.length === 0 ? "ok  " : "FAIL";
  console.log(`${sum} ${name}: ${file.replace(/\.js$/, "")} (${outcome.length} tests)`);
  for (const { name: test, errors } of failed) {
    const text = errors.join("\n").split("\n").slice(0, 30).join("\n      ");
    console.log(`    ${test}\n      ${text}`);
  }
}

/**
 * Paths within the tree: a file may be named as it is in the repository. Of folders those that are
 * `beyond` the system stay out.
 */
function testFiles(tree, path, beyond = {}) {
  const own = join(tree, path.replace(/\.ts$/, ".js"));
  if (!statSync(own).isDirectory()) return [relative(tree, own)];
  return readdirSync(own, { recursive: true })
    .filter((file) => file.endsWith(".test.js"))
    .toSorted()
    .map((file) => relative(tree, join(own, file)))
    .filter((file) => !Object.keys(beyond).some((start) => file.startsWith(start)));
}

/** The libraries of test/fixtures, as test/setup.ts makes them for this system. */
function compileFixtures(tree, target, [compiler, ...first]) {
  const suffix = target.startsWith("win32") ? "dll" : "so";
  const own = target.startsWith("win32") ? ["-static"] : [];
  const sources = readdirSync(join(tree, "test", "fixtures")).filter((file) => file.endsWith(".c"));
  for (const file of sources) {
    const output = `out/fixtures/lib${file.slice(0, -2)}.${suffix}`;
    const flags = ["-shared", "-fPIC", "-O1", "-o", output, `test/fixtures/${file}`, "-lm", ...own];
    const options = { cwd: tree, encoding: "utf8" };
    const { status, stderr } = spawnSync(compiler, [...first, ...flags], options);
    // Some are for POSIX only, and so are their tests.
    if (status !== 0 && suffix === "so") throw new Error(`${file} does not compile:\n${stderr}`);
  }
}
