import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { builtinModule } from "./builtin-module.js";
import { fs } from "./file-system.js";

/** In a bundle that became CommonJS this module has no URL: the program's stands for it. */
const ownUrl = import.meta.url ?? pathToFileURL(process.argv[1] ?? process.execPath).href;

let require: NodeJS.Require | undefined;

/** `require` as from this file, wherever a bundler put it. */
export function requireFromHere(name: string): unknown {
  return ownRequire()(name);
}

/**
 * The folder that holds package.json, native and prebuilds, with a separator at its end: two levels
 * above this file in `src`, and above the module that it becomes part of in `dist`. Where a bundler
 * has put that module into a file of the application, the installed package.
 */
export const packageRoot: string = findPackageRoot();

/** Whether this is the package itself, and not a bundle far from an installed one. */
export const hasPackageRoot: boolean = isPackageRoot(packageRoot);

function findPackageRoot(): string {
  const above = fileURLToPath(new URL("../../", ownUrl));
  if (isPackageRoot(above)) return above;
  try {
    return join(dirname(ownRequire().resolve("nearfar/package.json")), "/");
  } catch {
    return above;
  }
}

/** A file that the package always has, and an application hardly. */
function isPackageRoot(folder: string): boolean {
  return fs.existsSync(join(folder, "native", "addon", "exports.map"));
}

/** Made when it is first needed: that takes Node a millisecond. */
function ownRequire(): NodeJS.Require {
  require ??= builtinModule("node:module").createRequire(ownUrl);
  return require;
}
