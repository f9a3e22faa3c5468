// Puts the helper process beside the prebuild of this machine, under the name that findHelper of
// src/internal/helper.ts looks for: prebuildify takes the addon only.
import { spawnSync } from "node:child_process";
import { chmodSync, copyFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../", import.meta.url));
const suffix = process.platform === "win32" ? ".exe" : "";
const built = join(root, "build", "Release", `nearfar-helper${suffix}`);
const prebuilds = join(root, "prebuilds", `${process.platform}-${process.arch}`);

for (const name of readdirSync(prebuilds).filter((file) => /^nearfar\..*node$/.test(file))) {
  const helper = name.replace(/^nearfar/, "nearfar-helper").replace(/\.node$/, suffix);
  const target = join(prebuilds, helper);
  copyFileSync(built, target);
  chmodSync(target, 0o755);
  if (process.platform !== "win32") spawnSync("strip", [target]);
  console.log(target);
}
