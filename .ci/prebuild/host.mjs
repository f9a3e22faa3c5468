// For this machine alone, by what users compile with: node-gyp and binding.gyp, through prebuildify.
import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, copyFileSync, existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { root } from "./build.mjs";

const suffix = process.platform === "win32" ? ".exe" : "";
const libraries = ["libnearfar.so.1", "libnearfar.dylib", "libnearfar.dll"];

export function prebuildForHost() {
  // The addon imports Node-API by its own names: nothing of one Node version is in it.
  const flags = ["--napi", "--strip", "--tag-libc", "--name", "nearfar"];
  execFileSync("npx", ["prebuildify", ...flags], { cwd: root, stdio: "inherit" });
  const built = join(root, "build", "Release");
  const prebuild = join(root, "prebuilds", `${process.platform}-${process.arch}`);
  // prebuildify takes the addon only.
  for (const addon of readdirSync(prebuild).filter((file) => /^nearfar\..*node$/.test(file))) {
    const helper = addon.replace(/^nearfar/, "nearfar-helper").replace(/\.node$/, suffix);
    copyStripped(join(built, `nearfar-helper${suffix}`), join(prebuild, helper));
  }
  // Its name says nothing of the C library: that for glibc is shipped, musl's is compiled on demand.
  if (readdirSync(prebuild).includes("nearfar.musl.node")) return;
  for (const name of libraries.filter((library) => existsSync(join(built, library)))) {
    copyStripped(join(built, name), join(prebuild, name));
  }
}

function copyStripped(from, to) {
  copyFileSync(from, to);
  chmodSync(to, 0o755);
  if (process.platform === "linux") spawnSync("strip", [to]);
}
