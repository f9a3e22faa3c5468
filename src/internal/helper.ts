import { basename, dirname, join } from "node:path";
import { fs } from "./file-system.js";
import { packageRoot } from "./package-info.js";
import { findPrebuild } from "./prebuild.js";

const suffix = process.platform === "win32" ? ".exe" : "";

/** Where node-gyp puts the helper, beside the addon. */
export const builtHelper: string = join(packageRoot, "build", "Release", `nearfar-helper${suffix}`);

/**
 * The path of the helper executable: `NEARFAR_HELPER`, else the one beside the prebuild, else the
 * one that was built here. Undefined where there is none.
 */
export function findHelper(): string | undefined {
  const { NEARFAR_HELPER: override } = process.env;
  if (override !== undefined && override !== "") return override;
  const prebuild = findPrebuild();
  const candidates = prebuild === undefined ? [] : [besidePrebuild(prebuild)];
  return [...candidates, builtHelper].find((path) => fs.existsSync(path));
}

/** Beside `nearfar.glibc.node` lies `nearfar-helper.glibc`. */
function besidePrebuild(prebuild: string): string {
  const name = basename(prebuild, ".node").replace(/^nearfar/, "nearfar-helper");
  return join(dirname(prebuild), `${name}${suffix}`);
}
