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
import { hashOf, sourcesHash, writeManifest } from "./manifest.mjs";
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
    rmSync(join(root, "prebuilds", name), { recursive: true, force: true });
    console.error(`FAIL ${name}: ${error.message}`);
    process.exitCode = 1;
  }
}

function make(name, target) {
  installPackages(target.packages);
  if (name.startsWith("linux")) ensureDebianRoot(debianRoot);
  const output = join(root, "prebuilds", name);
  const places = { debianRoot, output, folder: join(work, name) };
  rmSync(output, { recursive: true, force: true });
  // Of before: what is edited meanwhile may not be in it.
  const sources = sourcesHash();
  buildTarget(name, target, places);

  const { binutils } = target.toolchain(debianRoot);
  const files = fileNames(name, target);
  const forbiddenPaths = [root.replace(/\/$/, ""), debianRoot, work];
  const problems = Object.entries(files).flatMap(([kind, [, file]]) =>
    findProblems(join(output, file), kind, target, { binutils, forbiddenPaths }),
  );
  if (problems.length > 0) throw new Error(`its gates are not met:\n  ${problems.join("\n  ")}`);
  for (const line of smokeTest(name, output, { work, debianRoot })) {
    console.log(`ok   ${name}: ${line}`);
  }
  if (values.twice) buildAgain(name, target, places, files);

  const shipped = Object.values(files).map(([, file]) => file);
  const { libc, cpu } = target;
  const asked = target.floor.GLIBC === undefined ? undefined : binutils;
  const { requires } = writeManifest(output, shipped, { libc, cpu, binutils: asked, sources });
  console.log(`ok   ${name}: ${JSON.stringify(requires)}`);
}

/** From nothing and elsewhere: neither times nor folders may show in the files. */
function buildAgain(name, target, places, files) {
  const folder = join(work, `${name}-again`);
  const output = join(folder, "prebuild");
  rmSync(folder, { recursive: true, force: true });
  buildTarget(name, target, { ...places, folder, output });
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
