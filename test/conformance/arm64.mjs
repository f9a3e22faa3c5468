#!/usr/bin/env node
// Generated signatures on AArch64, under an emulator where this machine is another: the addon and
// the C are cross-compiled, and Node for AArch64 is installed from npm.
//
//   cmake -B out/arm64 -DCMAKE_CXX_COMPILER=aarch64-linux-gnu-g++ -DNEARFAR_ADDON=ON
//   cmake --build out/arm64 -j2
//   node test/conformance/arm64.mjs [arguments of run.mjs]
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));
const addon = join(root, "out", "arm64", "nearfar.node");
const runtime = join(root, "test", "interop", "arm64");
const node = join(runtime, "node_modules", "node22", "bin", "node");
/** Where Debian's cross compiler keeps the libraries of its target. */
const libraries = "/usr/aarch64-linux-gnu";

if (!existsSync(addon)) throw new Error(`${addon} has to be built first: see this file's head`);
// By force, because it is the binary of another machine.
if (!existsSync(node)) run("npm", ["ci", "--force", "--no-audit", "--no-fund"], { cwd: runtime });
run(process.execPath, [
  join(root, "test", "conformance", "run.mjs"),
  ...["--signatures", "300", "--fields", "2", "--arch", "arm64", "--cc", "aarch64-linux-gnu-gcc"],
  ...["--node", `env NEARFAR_NATIVE=${addon} qemu-aarch64 -L ${libraries} ${node}`],
  ...process.argv.slice(2),
]);

function run(command, args, options = {}) {
  const { status, error } = spawnSync(command, args, { stdio: "inherit", ...options });
  if (error !== undefined) throw error;
  if (status !== 0) process.exit(status ?? 1);
}
