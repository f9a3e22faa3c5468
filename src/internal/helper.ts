import { dirname, join } from "node:path";
import { fs } from "./file-system.js";
import { packageRoot } from "./package-info.js";
import { findPrebuild } from "./prebuild.js";

const fileName = process.platform === "win32" ? "nearfar-helper.exe" : "nearfar-helper";

/** Where node-gyp puts the helper, beside the addon. */
export const builtHelper: string = join(packageRoot, "build", "Release", fileName);

/**
 * The path of the helper executable: `NEARFAR_HELPER`, else the one beside the prebuild, else the
 * one that was built here. Undefined where there is none.
 */
export function findHelper(): string | undefined {
  const { NEARFAR_HELPER: override } = process.env;
  if (override !== undefined && override !== "") return override;
  const prebuild = findPrebuild();
  const candidates = prebuild === undefined ? [] : [join(dirname(prebuild), fileName)];
  return [...candidates, builtHelper].find((path) => fs.existsSync(path));
}
