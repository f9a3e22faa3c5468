// The manifest beside the binaries of a target: what they were built from, how large they are, with
// which hash, and what they need. check.mjs compares it with the files and the sources.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./build.mjs";
import { requirementsOf } from "./gates.mjs";

/** What binaries are made of, beside the version in package.json: folders and files. */
const SOURCES = [
  "native",
  "binding.gyp",
  ...["CMakeLists.txt", "compat.cpp", "delay_load_hook.cpp", "older_glibc.h"].map(ofPrebuild),
  ...["musl-library.mjs", "musl-toolchain.mjs"].map(ofPrebuild),
  ...["build.mjs", "host.mjs", "targets.mjs"].map(ofPrebuild),
];

/** Those for glibc and for musl lie in one folder. */
export function manifestName(libc) {
  return libc === undefined ? "manifest.json" : `manifest.${libc}.json`;
}

/**
 * Describes `files` of `folder`. `sources` is what `sourcesHash` gave before they were built;
 * `binutils` is undefined where there are no versioned libraries to ask them for.
 */
export function writeManifest(folder, files, { libc, cpu, binutils, sources }) {
  const requires = {};
  for (const file of binutils === undefined ? [] : files) {
    for (const [library, version] of Object.entries(requirementsOf(join(folder, file), binutils))) {
      requires[library] = newer(requires[library], version);
    }
  }
  const described = files.map((name) => {
    const path = join(folder, name);
    return { name, bytes: statSync(path).size, sha256: hashOf(path) };
  });
  const manifest = { version: packageVersion(), sources, libc, cpu, requires, files: described };
  writeFileSync(join(folder, manifestName(libc)), `${JSON.stringify(manifest, null, 2)}\n`);
  return manifest;
}

export function hashOf(path) {
  return createHash("sha256").update(readFileSync(path)).digest("hex");
}

/** Of all that a binary is made of: another one when it would be another binary. */
export function sourcesHash() {
  const hash = createHash("sha256").update(packageVersion());
  for (const path of SOURCES.flatMap(filesOf).toSorted()) {
    hash.update(`\0${path}\0${hashOf(join(root, path))}`);
  }
  return hash.digest("hex");
}

function ofPrebuild(file) {
  return `.ci/prebuild/${file}`;
}

/** Paths with slashes, on every system. */
function filesOf(path) {
  if (!statSync(join(root, path)).isDirectory()) return [path];
  return readdirSync(join(root, path)).flatMap((name) => filesOf(`${path}/${name}`));
}

function packageVersion() {
  return JSON.parse(readFileSync(join(root, "package.json"), "utf8")).version;
}

function newer(a = "0", b) {
  return a.localeCompare(b, "en", { numeric: true }) > 0 ? a : b;
}
