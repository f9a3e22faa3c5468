// Runs the programs, which are written for node:ffi, with node:ffi on Node 26 and with nearfar/ffi
// on this Node and on 26, and compares what they print line by line. A line may differ only if the
// program marks it with the name of a difference that docs/node-ffi.md lists, and then it must.
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const directory = fileURLToPath(new URL(".", import.meta.url));
const root = fileURLToPath(new URL("../../../", import.meta.url));
const node26 = join(root, "test", "interop", "node_modules", "node26", "bin", "node");
const subjects = [...new Set([process.execPath, node26])];
const listed = differencesListed();
const library = compile("library");
const unresolved = compile("unresolved");

let problems = 0;
const seen = new Set();
for (const name of readdirSync(join(directory, "programs")).sort()) {
  if (name === "support.mjs") continue;
  const reference = linesOf(node26, ["--experimental-ffi"], name);
  for (const subject of subjects) {
    const found = compare(reference, linesOf(subject, ["--import", redirect()], name));
    for (const problem of found) console.error(`${name}, ${versionOf(subject)}: ${problem}`);
    problems += found.length;
  }
  console.log(`${name}: ${reference.length} lines`);
}
for (const row of listed) {
  if (seen.has(row)) continue;
  problems++;
  console.error(`docs/node-ffi.md lists the difference "${row}", which no program shows`);
}
console.log(`node:ffi and nearfar/ffi: ${problems === 0 ? "the same" : `${problems} problems`}`);
process.exitCode = problems === 0 ? 0 : 1;

function compare(reference, lines) {
  const found = [];
  for (let at = 0; at < Math.max(reference.length, lines.length); at++) {
    const [theirs, ours] = [reference[at] ?? "nothing", lines[at] ?? "nothing"];
    const row = /\(differs: ([^)]+)\): /.exec(theirs)?.[1];
    if (row !== undefined) seen.add(row);
    if (row === undefined && theirs !== ours) {
      found.push(`node:ffi prints  ${theirs}\n    nearfar prints   ${ours}`);
    } else if (row !== undefined && !listed.has(row)) {
      found.push(`docs/node-ffi.md does not list the difference "${row}"`);
    } else if (row !== undefined && theirs === ours) {
      found.push(`this is no difference any more: ${ours}`);
    }
  }
  return found;
}

function linesOf(node, flags, program) {
  const path = join(directory, "programs", program);
  const environment = { NODE_FFI_LIBRARY: library, NODE_FFI_UNRESOLVED: unresolved };
  const output = run(node, [...flags, "--no-warnings", path], environment);
  return output.trimEnd().split("\n");
}

function redirect() {
  return new URL("redirect.mjs", import.meta.url).href;
}

function versionOf(node) {
  return `Node ${run(node, ["--version"]).trim()}`;
}

/** The first column of the table of differences that programs can show. */
function differencesListed() {
  const text = readFileSync(join(root, "docs", "node-ffi.md"), "utf8");
  const section = text.split(/^## /m).find((part) => part.startsWith("Differences\n")) ?? "";
  return new Set(Array.from(section.matchAll(/^\| ([^|]+?) \|/gm), ([, name]) => name).slice(2));
}

function compile(name) {
  const output = join(root, "out", "node-ffi", `${name}.so`);
  mkdirSync(dirname(output), { recursive: true });
  const source = join(directory, `${name}.c`);
  run(process.env.CC ?? "cc", ["-shared", "-fPIC", "-O1", "-o", output, source]);
  return output;
}

function run(command, args, environment = {}) {
  const env = { ...process.env, ...environment };
  const result = spawnSync(command, args, { encoding: "utf8", env });
  if (result.status === 0) return result.stdout;
  console.error(`${command} ${args.join(" ")} failed:\n${result.stdout}${result.stderr}`);
  process.exit(1);
}
