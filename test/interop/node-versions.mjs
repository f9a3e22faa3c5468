// Runs the tests under other Node versions with the binary that is built here: one Node-API binary
// serves them all. With 26 among them, also the programs of node-ffi/, beside that Node's node:ffi.
// `node test/interop/node-versions.mjs [22 24 26] [-- vitest arguments]`
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const directory = fileURLToPath(new URL(".", import.meta.url));
const root = fileURLToPath(new URL("../../", import.meta.url));
const [before, after] = split(process.argv.slice(2), "--");
const versions = before.length > 0 ? before : ["22", "24", "26"];

if (process.platform !== "linux" || process.arch !== "x64") {
  console.error("test/interop/package.json names the Linux x64 builds of Node only");
  process.exit(2);
}

/**
 * Fewer generated signatures and aggregates than the Node that is developed on gets: what differs
 * between versions is V8, not the calling convention.
 */
const env = { NEARFAR_SIGNATURES: "500", NEARFAR_FIELDS: "1", ...process.env };

/** They compile the addon and time calls for a minute, which no other version does differently. */
const WITHOUT = ["test/unit/cli/build.test.ts", "test/unit/cli/bench/command.test.ts"].flatMap(
  (file) => ["--exclude", file],
);

const node = (version) => join(directory, "node_modules", `node${version}`, "bin", "node");
if (!versions.every((version) => existsSync(node(version)))) {
  run("npm", ["ci", "--no-audit", "--no-fund"], directory);
}
const failed = versions.filter((version) => {
  const vitest = join(root, "node_modules", "vitest", "vitest.mjs");
  console.log(`\n=== ${run(node(version), ["--version"], root, "pipe").trim()}`);
  const { status } = spawnSync(node(version), [vitest, "run", ...WITHOUT, ...after], {
    cwd: root,
    env,
    stdio: "inherit",
  });
  return status !== 0;
});
if (versions.includes("26") && after.length === 0) {
  console.log("\n=== programs written for node:ffi");
  run(process.execPath, [join(directory, "node-ffi", "run.mjs")], root);
}
console.log(
  `\nNode ${versions.join(", ")}: ${failed.length === 0 ? "all passed" : `failed: ${failed}`}`,
);
process.exitCode = failed.length === 0 ? 0 : 1;

function split(list, separator) {
  const at = list.indexOf(separator);
  return at < 0 ? [list, []] : [list.slice(0, at), list.slice(at + 1)];
}

function run(command, args, cwd, stdout = "inherit") {
  const result = spawnSync(command, args, {
    cwd,
    encoding: "utf8",
    stdio: ["ignore", stdout, "inherit"],
  });
  if (result.status !== 0) {
    console.error(`${command} ${args.join(" ")} failed`);
    process.exit(1);
  }
  return result.stdout ?? "";
}
