// For this machine alone, by what users compile with: node-gyp and binding.gyp, through prebuildify.
import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, copyFileSync, existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { root } from "./build.mjs";
import { sourcesHash, writeManifest } from "./manifest.mjs";

const suffix = process.platform === "win32" ? ".exe" : "";
const libraries = ["libnearfar.so.1", "libnearfar.dylib", "libnearfar.dll"];

/** What node-gyp compiles for, by `process.arch`. */
const CPUS = { x64: "x86-64", arm64: "armv8-a" };

export function prebuildForHost() {
  const sources = sourcesHash();
  const libc = process.platform === "linux" ? ownLibc() : undefined;
  const tag = libc === undefined ? "" : `.${libc}`;
  // The addon imports Node-API by its own names: nothing of one Node version is in it. Elsewhere than
  // on Linux it would be tagged with glibc too, and then fit no process there.
  const flags = ["--napi", "--strip", "--name", "nearfar", ...(libc ? ["--tag-libc"] : [])];
  execFileSync("npx", ["prebuildify", ...flags], { cwd: root, stdio: "inherit" });
  const built = join(root, "build", "Release");
  const prebuild = join(root, "prebuilds", `${process.platform}-${process.arch}`);
  // prebuildify takes the addon and libraries.
  const helper = `nearfar-helper${tag}${suffix}`;
  copyStripped(join(built, `nearfar-helper${suffix}`), join(prebuild, helper));
  const shipped = libraries.filter((name) => libc !== "musl" && existsSync(join(built, name)));
  for (const name of shipped) copyStripped(join(built, name), join(prebuild, name));
  // Its name says nothing of libc: that for glibc is shipped, musl's is compiled on demand.
  if (libc === "musl") rmSync(join(prebuild, "libnearfar.so.1"), { force: true });

  const files = [`nearfar${tag}.node`, helper, ...shipped];
  const binutils = libc === "glibc" ? "" : undefined;
  writeManifest(prebuild, files, { libc, cpu: CPUS[process.arch], binutils, sources });
}

/** As prebuildify's `--tag-libc` finds it. */
function ownLibc() {
  return existsSync("/etc/alpine-release") ? "musl" : "glibc";
}

function copyStripped(from, to) {
  copyFileSync(from, to);
  chmodSync(to, 0o755);
  if (process.platform === "linux") spawnSync("strip", [to]);
}
