import { existsSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { packageRoot } from "../internal/package-info.js";
import { findPrebuild } from "../internal/prebuild.js";
import { packageVersion } from "../internal/version.js";
import { builtLibrary } from "./compile.js";
import { CommandFailure } from "./failure.js";

/** What a program in C needs of this package; `nearfar doctor --c --json` prints it. */
export interface CLibrary {
  readonly header: string;
  readonly library: string;
  /** For the compiler, each argument by itself. */
  readonly cflags: readonly string[];
  /** For the linker. On systems with rpaths the program will find the library where it is now. */
  readonly libs: readonly string[];
}

/** What `--cflags` and its like select, in the order of the command line. */
export interface CSelection {
  readonly cflags?: true;
  readonly libs?: true;
  readonly library?: true;
  readonly pc?: true;
  readonly json?: true;
}

/** Beside the prebuild, or compiled here. Throws a CommandFailure where there is neither. */
export function findCLibrary(): CLibrary {
  const include = join(packageRoot, "native", "include");
  const library = libraryPaths().find((path) => existsSync(path));
  if (library === undefined) {
    throw new CommandFailure(
      `the C library is not here: ${builtLibrary}; \`npx nearfar-build\` compiles it`,
    );
  }
  const directory = dirname(library);
  const rpath = process.platform === "win32" ? [] : [`-Wl,-rpath,${directory}`];
  // The name that -lnearfar looks for is a link, and packages have no links.
  const isNamed = process.platform !== "linux" || existsSync(join(directory, "libnearfar.so"));
  return {
    header: join(include, "nearfar.h"),
    library,
    cflags: [`-I${include}`],
    libs: [...(isNamed ? [`-L${directory}`, "-lnearfar"] : [library]), ...rpath],
  };
}

function libraryPaths(): string[] {
  const prebuild = findPrebuild();
  const shipped = prebuild && join(dirname(prebuild), shippedName(basename(prebuild)));
  return shipped === undefined ? [builtLibrary] : [shipped, builtLibrary];
}

/** Beside `nearfar.musl.node` lies `libnearfar.musl.so.1`, beside the others what is built here. */
export function shippedName(prebuild: string): string {
  const built = basename(builtLibrary);
  return prebuild === "nearfar.musl.node" ? built.replace("nearfar", "nearfar.musl") : built;
}

/** The answer to `nearfar doctor --c`. */
export function renderCLibrary(found: CLibrary, selection: CSelection): string {
  const { header, library, cflags, libs } = found;
  if (selection.json) return JSON.stringify(found, null, 2);
  if (selection.pc) return renderPkgConfig(found);
  const selected = [
    ...(selection.library ? [library] : []),
    ...(selection.cflags ? cflags : []),
    ...(selection.libs ? libs : []),
  ];
  if (selected.length > 0) return selected.map(escapeSpaces).join(" ");
  return [
    `Header       ${header}`,
    `Library      ${library}`,
    `Compile      ${cflags.map(escapeSpaces).join(" ")}`,
    `Link         ${libs.map(escapeSpaces).join(" ")}`,
    "",
    "cc main.c $(npx nearfar doctor --c --cflags --libs)",
  ].join("\n");
}

/** A file for pkg-config: `nearfar.pc` in a directory of PKG_CONFIG_PATH. */
function renderPkgConfig({ cflags, libs }: CLibrary): string {
  return [
    "Name: nearfar",
    "Description: Hashes, HMAC and signatures by OpenSSL 3",
    `Version: ${packageVersion}`,
    `Cflags: ${cflags.map(escapeSpaces).join(" ")}`,
    `Libs: ${libs.map(escapeSpaces).join(" ")}`,
  ].join("\n");
}

/** As pkg-config writes a path with spaces: for `eval` in a shell, and for make. */
function escapeSpaces(argument: string): string {
  return argument.replace(/[\\\s'"$`]/g, "\\$&");
}
