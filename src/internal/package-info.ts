import { fileURLToPath } from "node:url";
import { fs } from "./file-system.js";

/** The folder that holds package.json: two levels above this file, in `src`, and above the
 * module that it becomes part of in `dist`. */
export const packageRoot = fileURLToPath(new URL("../../", import.meta.url));

/** The version of this package, from package.json. */
export const packageVersion: string = readVersion();

function readVersion(): string {
  const manifest = JSON.parse(fs.readFileSync(`${packageRoot}package.json`, "utf8")) as {
    version: string;
  };
  return manifest.version;
}
