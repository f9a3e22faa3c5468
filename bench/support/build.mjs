// Compiles what a bench needs, and installs the peers. Everything goes to out/bench.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const benchDirectory = fileURLToPath(new URL("../", import.meta.url));
const output = join(benchDirectory, "..", "out", "bench");

/** Installs the peers of bench/package.json once. */
export function installPeers() {
  if (existsSync(join(benchDirectory, "node_modules", "koffi"))) return;
  console.error("installing the peers of bench/package.json ...");
  execFileSync("npm", ["ci", "--no-audit", "--no-fund"], { cwd: benchDirectory, stdio: "inherit" });
}

/** Compiles bench/<source> to a shared library, optimised, and returns its path. */
export function compile(source, file, flags = []) {
  mkdirSync(output, { recursive: true });
  const path = join(output, file);
  const arguments_ = [
    "-shared",
    "-fPIC",
    "-O2",
    ...flags,
    "-o",
    path,
    join(benchDirectory, source),
  ];
  execFileSync(process.env.CC ?? "cc", arguments_, { stdio: "inherit" });
  return path;
}

/** The folder of node_api.h for a hand-written addon: node-gyp's, or the one beside Node. */
export function nodeHeaders() {
  const prefix = process.env.npm_config_nodedir ?? dirname(dirname(process.execPath));
  const headers = join(prefix, "include", "node");
  if (existsSync(join(headers, "node_api.h"))) return headers;
  throw new Error(`no node_api.h in ${headers}: set npm_config_nodedir to Node's install prefix`);
}
