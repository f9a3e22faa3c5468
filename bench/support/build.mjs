// Compiles what a bench needs, and installs the peers. Everything goes to out/bench.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

export const benchDirectory = fileURLToPath(new URL("../", import.meta.url));
export const outputDirectory = join(benchDirectory, "..", "out", "bench");

/** Installs the peers of bench/package.json once. */
export function installPeers() {
  const { dependencies } = JSON.parse(readFileSync(join(benchDirectory, "package.json"), "utf8"));
  const isThere = (name) => existsSync(join(benchDirectory, "node_modules", name));
  if (Object.keys(dependencies).every(isThere)) return;
  console.error("installing the peers of bench/package.json ...");
  const flags = ["--ignore-scripts", "--no-audit", "--no-fund"];
  execFileSync("npm", ["ci", ...flags], { cwd: benchDirectory, stdio: ["ignore", 2, "inherit"] });
}

/** Writes a generated source to out/bench and returns its path. */
export function writeSource(file, text) {
  mkdirSync(outputDirectory, { recursive: true });
  const path = join(outputDirectory, file);
  writeFileSync(path, text);
  return path;
}

/**
 * Compiles sources, by their paths in bench/ or absolute, to an optimised shared library in
 * out/bench and returns its path.
 */
export function compile(sources, file, flags = []) {
  mkdirSync(outputDirectory, { recursive: true });
  const path = join(outputDirectory, file);
  const inputs = [sources].flat().map((source) => resolve(benchDirectory, source));
  const options = ["-shared", "-fPIC", "-O2", ...flags, "-o", path, ...inputs];
  execFileSync(process.env.CC ?? "cc", options, { stdio: "inherit" });
  return path;
}

/** The folder of node_api.h for a hand-written addon: node-gyp's, or the one beside Node. */
export function nodeHeaders() {
  const prefix = process.env.npm_config_nodedir ?? dirname(dirname(process.execPath));
  const headers = join(prefix, "include", "node");
  if (existsSync(join(headers, "node_api.h"))) return headers;
  throw new Error(`no node_api.h in ${headers}: set npm_config_nodedir to Node's install prefix`);
}
