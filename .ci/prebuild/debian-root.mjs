// A Debian 11 system in a folder: what binaries for Linux are linked with, and run in. Needs root.
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readlinkSync, rmSync, symlinkSync } from "node:fs";
import { join, relative } from "node:path";

const packages = ["g++", "g++-aarch64-linux-gnu"];
/** Folders with links that are absolute and so lead into the host. */
const linkFolders = ["usr/lib/x86_64-linux-gnu", "usr/lib64"];

/** Makes it where it is not there yet: a download of some 200 MB. */
export function ensureDebianRoot(root) {
  if (existsSync(join(root, "usr/lib/gcc/x86_64-linux-gnu/10"))) return;
  const include = `--include=${packages.join(",")}`;
  execFileSync("debootstrap", ["--variant=minbase", include, "bullseye", root], {
    stdio: "ignore",
  });
  for (const folder of linkFolders) makeLinksRelative(root, join(root, folder));
}

function makeLinksRelative(root, folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    const target = entry.isSymbolicLink() ? readlinkSync(path) : "";
    if (!target.startsWith("/")) continue;
    rmSync(path);
    symlinkSync(relative(folder, join(root, target)), path);
  }
}
