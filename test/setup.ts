import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, statSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../", import.meta.url));

/**
 * Runs once before all tests: brings `dist` up to date for the tests that start the command line
 * as a child process, and compiles the C fixtures where there is a compiler.
 */
export function setup(): void {
  buildPackage();
  buildFixtures();
}

/**
 * Type errors are reported and do not stop the tests: `npm run check:types` is the gate for them.
 */
function buildPackage(): void {
  const script = join(root, ".ci", "build.mjs");
  const sources = [...filesBelow(join(root, "src")), script, join(root, "package.json")];
  const built = join(root, "dist", "index.js");
  if (sources.every((source) => isUpToDate(built, source))) return;
  const result = run(process.execPath, [script]);
  if (result.status !== 0) console.error(result.output);
}

/** Each `test/fixtures/<name>.c` becomes `out/fixtures/lib<name>.so` (`.dylib`, `.dll`). */
function buildFixtures(): void {
  const fixtures = join(root, "test", "fixtures");
  const target = join(root, "out", "fixtures");
  mkdirSync(target, { recursive: true });
  for (const file of existsSync(fixtures) ? readdirSync(fixtures) : []) {
    if (!file.endsWith(".c")) continue;
    const source = join(fixtures, file);
    const library = join(target, `lib${basename(file, ".c")}${librarySuffix()}`);
    if (!isUpToDate(library, source)) compile(source, library);
  }
}

function compile(source: string, library: string): void {
  const compiler = process.env.CC ?? "cc";
  const flags = ["-shared", "-fPIC", "-O1", "-o", library, source, "-lm"];
  const result = run(compiler, flags);
  if (result.missing) {
    console.error(`no C compiler (${compiler}): ${relative(root, source)} was not compiled`);
  } else if (result.status !== 0) {
    throw new Error(`${relative(root, source)} does not compile:\n${result.output}`);
  }
}

function librarySuffix(): string {
  if (process.platform === "win32") return ".dll";
  return process.platform === "darwin" ? ".dylib" : ".so";
}

function isUpToDate(output: string, source: string): boolean {
  return existsSync(output) && statSync(output).mtimeMs >= statSync(source).mtimeMs;
}

function filesBelow(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

interface Outcome {
  readonly status: number | null;
  readonly missing: boolean;
  readonly output: string;
}

function run(command: string, args: readonly string[]): Outcome {
  const { status, error, stdout, stderr } = spawnSync(command, args, { encoding: "utf8" });
  const missing = error !== undefined && "code" in error && error.code === "ENOENT";
  if (error !== undefined && !missing) throw error;
  return { status, missing, output: `${stdout ?? ""}${stderr ?? ""}` };
}
