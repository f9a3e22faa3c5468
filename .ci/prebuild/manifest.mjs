// prebuilds/manifest.json: what was built, how large, with which hash, and what it needs.
import { createHash } from "node:crypto";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { requirementsOf } from "./gates.mjs";

/** The entry of one target, of the binaries in `folder`. */
export function describeTarget(name, target, folder, files, binutils) {
  const described = files.map((file) => {
    const path = join(folder, file);
    return { name: file, bytes: statSync(path).size, sha256: hashOf(path) };
  });
  const requires = {};
  for (const file of target.floor.GLIBC === undefined ? [] : files) {
    for (const [library, version] of Object.entries(requirementsOf(join(folder, file), binutils))) {
      requires[library] = newer(requires[library], version);
    }
  }
  return { [name]: { libc: target.libc, cpu: target.cpu, requires, files: described } };
}

/** Adds entries to the manifest, or replaces them: a target's runs may be on several machines. */
export function writeManifest(path, { version, contract }, entries) {
  const known = existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : undefined;
  const isCurrent = known?.version === version && known.contract === contract;
  const targets = { ...(isCurrent ? known.targets : {}), ...entries };
  const sorted = Object.fromEntries(Object.entries(targets).toSorted());
  writeFileSync(path, `${JSON.stringify({ version, contract, targets: sorted }, null, 2)}\n`);
}

export function hashOf(path) {
  return createHash("sha256").update(readFileSync(path)).digest("hex");
}

function newer(a = "0", b) {
  return a.localeCompare(b, "en", { numeric: true }) > 0 ? a : b;
}
