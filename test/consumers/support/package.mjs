// The tarball that consumers install: the sources as they are committed, dist, and the binary for
// this machine as a prebuild.
import { copyFileSync, cpSync, existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { run } from "./run.mjs";

export const root = fileURLToPath(new URL("../../../", import.meta.url));
const target = `${process.platform}-${process.arch}`;
const addon = process.platform === "linux" ? "nearfar.glibc.node" : "nearfar.node";

/** Packs into `folder`; gives the paths of the tarball and of what was packed. */
export async function packTarball(folder) {
  const sources = join(folder, "sources");
  for (const file of (await run("git", ["ls-files"], root)).trim().split("\n")) {
    if (existsSync(join(root, file))) cpSync(join(root, file), join(sources, file));
  }
  cpSync(join(root, "dist"), join(sources, "dist"), { recursive: true });
  providePrebuild(join(sources, "prebuilds", target));
  // dist is there: its script would compile TypeScript again.
  const args = ["pack", "--json", "--ignore-scripts", "--pack-destination", folder];
  const [{ filename }] = JSON.parse(await run("npm", args, sources));
  return { tarball: join(folder, filename), sources };
}

/** The binaries of `npm run prebuild`, else those of the local build. */
function providePrebuild(folder) {
  const made = join(root, "prebuilds", target);
  if (existsSync(made)) {
    cpSync(made, folder, { recursive: true });
    return;
  }
  const built = join(root, "build", "Release");
  mkdirSync(folder, { recursive: true });
  copyFileSync(join(built, "nearfar.node"), join(folder, addon));
  const companions = {
    "libnearfar.so.1": "libnearfar.so.1",
    "nearfar-helper": "nearfar-helper.glibc",
  };
  for (const [file, name] of Object.entries(companions)) {
    if (existsSync(join(built, file))) copyFileSync(join(built, file), join(folder, name));
  }
}
