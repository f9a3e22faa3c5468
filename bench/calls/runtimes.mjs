// The programs that run the peers: this Node, and what bench/package.json brings. On a machine that
// its packages are not for, Bun and Deno may be on the PATH.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { benchDirectory } from "../support/build.mjs";

const RUNTIMES = {
  node: { commands: [process.execPath], flags: [] },
  node26: {
    commands: [installed("node26/bin/node")],
    flags: ["--experimental-ffi", "--no-warnings"],
  },
  bun: { commands: [installed("@oven/bun-linux-x64/bin/bun"), "bun"], flags: ["run"] },
  deno: {
    commands: [installed("@deno/linux-x64-glibc/deno"), "deno"],
    flags: ["run", "--allow-all", "--no-lock", "--node-modules-dir=manual"],
  },
};

function installed(path) {
  return join(benchDirectory, "node_modules", ...path.split("/"));
}

/** `Node 26.10.0`, `Bun 1.4.5`, `Deno 2.9.6`, from whatever `--version` prints. */
function nameVersion(name, output) {
  const [version] = /\d+\.\d+\.\d+/.exec(output) ?? ["?"];
  return `${{ node: "Node", node26: "Node", bun: "Bun", deno: "Deno" }[name]} ${version}`;
}

const found = new Map();

/** The versions of those that are there. */
export function versions() {
  const list = Object.keys(RUNTIMES).map((name) => [name, runtime(name).version]);
  return Object.fromEntries(list.filter(([, version]) => version !== undefined));
}

/** `{ command, flags, version }`, or `{ missing }` with the reason. */
export function runtime(name) {
  if (!found.has(name)) found.set(name, find(name));
  return found.get(name);
}

function find(name) {
  const { commands, flags } = RUNTIMES[name];
  for (const command of commands) {
    if (command.includes("node_modules") && !existsSync(command)) continue;
    const { status, stdout } = spawnSync(command, ["--version"], { encoding: "utf8" });
    if (status === 0) return { command, flags, version: nameVersion(name, stdout) };
  }
  return { missing: `${name} is neither in bench/node_modules nor on the PATH` };
}
