import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { suffix } from "../../src/ffi/types/types.js";

/** The repository's root, with a slash at its end. */
export const repositoryRoot = fileURLToPath(new URL("../../", import.meta.url));

/** Where compiled test libraries go. */
const outputDirectory = join(repositoryRoot, "out", "fixtures");

/**
 * Compiles C source to a shared library and returns its path. Throws with the compiler's own words.
 * `extraFlags` come last, where libraries to link go. The library is there as a whole or not at all:
 * files of tests that share one compile it at the same time, and load it while others do.
 */
export function compileSource(
  name: string,
  source: string,
  { directory = outputDirectory, extraFlags = [] as readonly string[], language = "c" } = {},
): string {
  mkdirSync(directory, { recursive: true });
  const library = `lib${name}.${suffix}`;
  const workspace = mkdtempSync(join(directory, `${name}-`));
  try {
    const file = join(workspace, `${name}.c`);
    const output = join(workspace, library);
    writeFileSync(file, source);
    const input = ["-x", language, file, "-x", "none"];
    const flags = ["-shared", "-fPIC", "-O1", "-w", "-o", output, ...input, "-lm", ...extraFlags];
    execFileSync(process.env.CC ?? "cc", flags, { stdio: ["ignore", "inherit", "pipe"] });
    renameSync(output, join(directory, library));
  } finally {
    rmSync(workspace, { recursive: true });
  }
  return join(directory, library);
}

/**
 * The system's C library: on Windows the program, which `null` stands for, does not have its
 * functions.
 */
export const cLibrary = process.platform === "win32" ? "msvcrt.dll" : null;

/** What it calls a function that is not of the oldest C: Microsoft's puts an underscore before. */
export function cLibraryName(name: string): string {
  return process.platform === "win32" ? `_${name}` : name;
}

/** The library of test/fixtures/fixture.c, which the global setup compiles. */
export const fixtureLibrary = join(outputDirectory, `libfixture.${suffix}`);

/** That of test/fixtures/crashes.c. */
export const crashesLibrary = join(outputDirectory, `libcrashes.${suffix}`);
