// Whether prebuilds/ holds what would be built now: each binary is the one that a manifest beside it
// describes, and was built from these sources. What is stale or unknown is not packed (`prepack`).
//
//   npm run check:prebuilds
//   npm run check:prebuilds -- linux-x64/glibc win32-x64    and these have to be there
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { root } from "./build.mjs";
import { hashOf, manifestName, sourcesHash } from "./manifest.mjs";

const { values, positionals: required } = parseArgs({
  allowPositionals: true,
  options: {
    /** For tests: another folder. */
    folder: { type: "string", default: join(root, "prebuilds") },
  },
});
const { folder } = values;
const current = sourcesHash();
const targets = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name);
const problems = [...targets.flatMap(problemsOf), ...required.flatMap(absenceOf)];
for (const problem of problems) console.error(`prebuilds/${problem}`);
if (problems.length > 0) process.exit(1);
console.log(`prebuilds: ${targets.join(", ") || "none"}`);

function problemsOf(target) {
  const names = readdirSync(join(folder, target));
  const manifests = names.filter((name) => /^manifest(\.\w+)?\.json$/.test(name));
  const described = manifests.flatMap((name) => problemsOfManifest(target, name));
  const known = manifests.flatMap((name) => read(target, name).files.map((file) => file.name));
  const unknown = names.filter((name) => !manifests.includes(name) && !known.includes(name));
  return [...described, ...unknown.map((name) => `${target}/${name}: no manifest describes it`)];
}

function problemsOfManifest(target, manifest) {
  const { sources, libc, files } = read(target, manifest);
  const name = libc === "musl" ? `${target}-musl` : target;
  const again = `build it again: npm run prebuild -- --target ${name}`;
  if (sources !== current) {
    return [`${target}/${manifest}: the binaries were built from other sources; ${again}`];
  }
  return files.flatMap(({ name, sha256 }) => {
    const path = join(folder, target, name);
    if (!existsSync(path)) return [`${target}/${name}: is not there; ${again}`];
    if (hashOf(path) !== sha256) return [`${target}/${name}: another file than built; ${again}`];
    return isStartable(path, name) ? [] : [`${target}/${name}: is not executable`];
  });
}

/** What carries files from machine to machine may lose their modes. Windows has none. */
function isStartable(path, name) {
  if (!/^nearfar-helper(\.\w+)?$/.test(name) || process.platform === "win32") return true;
  return (statSync(path).mode & 0o111) === 0o111;
}

function absenceOf(name) {
  const [target, libc] = name.split("/");
  const manifest = `${target}/${manifestName(libc)}`;
  return existsSync(join(folder, manifest)) ? [] : [`${manifest}: is not there`];
}

function read(target, manifest) {
  return JSON.parse(readFileSync(join(folder, target, manifest), "utf8"));
}
