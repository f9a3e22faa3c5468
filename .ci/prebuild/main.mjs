// Prebuilt binaries into prebuilds/:
//
//   npm run prebuild                       for this machine, by node-gyp
//   npm run prebuild -- --all              for all targets of targets.mjs, on Debian 12 as root
//   npm run prebuild -- --target linux-arm64 --twice
//
// Each has to pass its gates and to run in the system it is for; otherwise it is removed again, and the
// command fails. With --twice it is built a second time from nothing, and has to be the same file.
// NEARFAR_JOBS is how many compilers run at once, NEARFAR_DEBIAN11 a folder for the Debian 11 system.
import { execFileSync } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { buildTarget, fileNames, root } from "./build.mjs";
import { ensureDebianRoot } from "./debian-root.mjs";
import { findProblems } from "./gates.mjs";
import { prebuildForHost } from "./host.mjs";
import { hashOf, manifestName, sourcesHash, writeManifest } from "./manifest.mjs";
import { ensureMuslLibrary } from "./musl-library.mjs";
import { smokeTest } from "./smoke.mjs";
import { TARGETS } from "./targets.mjs";

const { values } = parseArgs({
  options: {
    all: { type: "boolean", default: false },
    target: { type: "string", multiple: true, default: [] },
    twice: { type: "boolean", default: false },
  },
});
const work = join(root, "out", "prebuild");
const debianRoot = process.env.NEARFAR_DEBIAN11 ?? join(work, "debian-11");
const muslRoot = join(work, "musl");
const names = values.all ? Object.keys(TARGETS) : values.target;
const unknown = names.find((name) => !(name in TARGETS));
if (unknown !== undefined) {
  throw new Error(`--target must be one of ${Object.keys(TARGETS).join(", ")}, got ${unknown}`);
}

if (names.length === 0) prebuildForHost();
for (const name of names) {
  try {
    make(name, TARGETS[name]);
  } catch (error) {
    removeBinaries(TARGETS[name]);
    console.error(`FAIL ${name}: ${error.message}`);
    process.exitCode = 1;
  }
}

function make(name, target) {
  installPackages(target.packages);
  if (target.libc === "glibc") ensureDebianRoot(debianRoot);
  if (target.libc === "musl") ensureMuslLibrary(muslRoot);
  const output = outputOf(target);
  const places = { debianRoot, muslRoot, output, folder: join(work, name) };
  removeBinaries(target);
  // Of before: what is edited meanwhile may not be in it.
  const sources = sourcesHash();
  buildTarget(target, places);

  const { binutils } = target.toolchain(places);
  const files = fileNames(target);
  const forbiddenPaths = [root.replace(/\/$/, ""), debianRoot, muslRoot, work];
  const problems = Object.entries(files).flatMap(([kind, [, file]]) =>
    findProblems(join(output, file), kind, target, { binutils, forbiddenPaths }),
  );
  if (problems.length > 0) throw new Error(`its gates are not met:\n  ${problems.join("\n  ")}`);
  for (const line of smokeTest(name, target, files, { work, output, debianRoot, muslRoot })) {
    console.log(`ok   ${name}: ${line}`);
  }
  if (values.twice) buildAgain(name, target, places, files);

  const shipped = Object.values(files).map(([, file]) => file);
  const { libc, cpu } = target;
  const asked = libc === "glibc" ? binutils : undefined;
  const { requires } = writeManifest(output, shipped, { libc, cpu, binutils: asked, sources });
  console.log(`ok   ${name}: ${JSON.stringify(requires)}`);
}

function outputOf({ folder }) {
  return join(root, "prebuilds", folder);
}

/** Of this target alone: those for glibc and for musl lie in one folder. */
function removeBinaries(target) {
  const files = Object.values(fileNames(target)).map(([, file]) => file);
  for (const file of [...files, manifestName(target.libc)]) {
    rmSync(join(outputOf(target), file), { force: true });
  }
}

/** From nothing and elsewhere: neither times nor folders may show in the files. */
function buildAgain(name, target, places, files) {
  const folder = join(work, `${name}-again`);
  const output = join(folder, "prebuild");
  rmSync(folder, { recursive: true, force: true });
  buildTarget(target, { ...places, folder, output });
  for (const [, file] of Object.values(files)) {
    if (hashOf(join(output, file)) !== hashOf(join(places.output, file))) {
      throw new Error(`${file} is another file when it is built again`);
    }
  }
  console.log(`ok   ${name}: the same files from two builds`);
}

/** Those that are missing; only where apt-get may do it. */
function installPackages(packages) {
  const isMissing = (name) => {
    try {
      execFileSync("dpkg", ["-s", name], { stdio: "ignore" });
      return false;
    } catch {
      return true;
    }
  };
  const missing = packages.filter(isMissing);
  if (missing.length === 0) return;
  const flags = ["install", "-y", "-qq", "--no-install-recommends"];
  execFileSync("apt-get", ["update", "-qq"], { stdio: "ignore" });
  execFileSync("apt-get", [...flags, ...missing], { stdio: "ignore" });
}
