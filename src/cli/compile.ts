import { spawn } from "node:child_process";
import { existsSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, dirname, join } from "node:path";
import { packageRoot } from "../internal/package-info.js";

/** What compiling came to: the binary, or one phrase for what is missing and the whole log. */
export type CompileOutcome =
  | { readonly ok: true; readonly path: string }
  | { readonly ok: false; readonly problem: string; readonly log: string };

/** Where node-gyp puts the binary, and the loader looks for it. */
export const builtBinary = join(packageRoot, "build", "Release", "nearfar.node");

/** The C library, which node-gyp builds beside it; 1 is NEARFAR_ABI_VERSION of `nearfar.h`. */
export const builtLibrary = join(packageRoot, "build", "Release", libraryName());

function libraryName(): string {
  if (process.platform === "win32") return "libnearfar.dll";
  return process.platform === "darwin" ? "libnearfar.dylib" : "libnearfar.so.1";
}

const bindingFile = join(packageRoot, "binding.gyp");
const bindingText = "{'includes': ['native/addon.gypi']}\n";

/** Compiles the addon with node-gyp into `build/Release`. Never throws for a failed compilation. */
export async function compileAddon(): Promise<CompileOutcome> {
  const nodeGyp = findNodeGyp();
  if (nodeGyp === undefined) {
    return { ok: false, problem: "node-gyp was not found (npm brings it)", log: "" };
  }
  // `configure build` and not `rebuild`: the latter empties `build/`, which others use too.
  const args = [nodeGyp, "configure", "build", "--jobs=max", ...headerOption()];
  try {
    const { status, log } = await withBindingFile(() => run(process.execPath, args));
    return status === 0
      ? { ok: true, path: builtBinary }
      : { ok: false, problem: diagnoseBuildLog(log), log };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { ok: false, problem: message, log: "" };
  }
}

/**
 * An installed package has no `binding.gyp`, because npm would run node-gyp on every `npm ci` if
 * it had; node-gyp needs one, so it exists while node-gyp runs.
 */
async function withBindingFile<T>(body: () => Promise<T>): Promise<T> {
  if (existsSync(bindingFile)) return body();
  writeFileSync(bindingFile, bindingText);
  try {
    return await body();
  } finally {
    rmSync(bindingFile, { force: true });
  }
}

/** This package's node-gyp, else the one of the npm that runs us, else the one beside Node. */
function findNodeGyp(): string | undefined {
  try {
    return createRequire(import.meta.url).resolve("node-gyp/bin/node-gyp.js");
  } catch {
    return npmNodeGyps().find((path) => existsSync(path));
  }
}

function npmNodeGyps(): string[] {
  const bundled = join("node_modules", "node-gyp", "bin", "node-gyp.js");
  const binaries = dirname(process.execPath);
  const found = [
    join(dirname(binaries), "lib", "node_modules", "npm", bundled),
    join(binaries, "node_modules", "npm", bundled), // Windows
  ];
  const { npm_config_node_gyp: configured, npm_execpath: npm } = process.env;
  if (npm !== undefined) found.unshift(join(dirname(dirname(npm)), bundled));
  if (configured !== undefined) found.unshift(configured);
  return found;
}

/** Node's own headers, where its installation has them: node-gyp would download them. */
function headerOption(): string[] {
  if (process.env.npm_config_nodedir !== undefined) return [];
  const prefix = dirname(dirname(process.execPath));
  const hasHeaders = existsSync(join(prefix, "include", "node", "node_api.h"));
  return hasHeaders ? [`--nodedir=${prefix}`] : [];
}

interface RunOutcome {
  readonly status: number | null;
  readonly log: string;
}

/** Asynchronous, so that Ctrl-C ends node-gyp and still lets us tidy up. */
function run(command: string, args: readonly string[]): Promise<RunOutcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: packageRoot,
      // addon.gypi asks `node` for the version; this Node need not be on the PATH.
      env: { ...process.env, PATH: `${dirname(process.execPath)}${delimiter}${process.env.PATH}` },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let log = "";
    const collect = (chunk: string) => {
      log += chunk;
    };
    child.stdout.setEncoding("utf8").on("data", collect);
    child.stderr.setEncoding("utf8").on("data", collect);
    const waitForChild = () => undefined;
    process.on("SIGINT", waitForChild);
    child.once("error", reject);
    child.once("close", (status) => {
      process.off("SIGINT", waitForChild);
      resolve({ status, log });
    });
  });
}

const compilerMissing = "a C++ compiler was not found";

/** The first that matches names the cause; later lines of a log are consequences. */
const DIAGNOSES: readonly (readonly [pattern: RegExp, problem: string])[] = [
  [/Could not find any Python|Can't find Python/i, "Python 3 was not found (node-gyp needs it)"],
  [/Could not find any Visual Studio/i, "Visual Studio's C++ build tools were not found"],
  [/xcode-select|No Xcode/i, "the Xcode command line tools were not found"],
  [/not found: make|spawn make ENOENT/i, "make was not found"],
  [/(\+\+|cc|clang|cl\.exe): (No such file|command not found|not found)/i, compilerMissing],
  [/in GetCompilerPredefines.*FileNotFoundError/s, compilerMissing],
  [/ENOTFOUND|ECONNREFUSED|ETIMEDOUT|EAI_AGAIN/, "Node's headers could not be downloaded"],
  [/EACCES|EROFS/, "the package's folder cannot be written to"],
];

/** One phrase for why node-gyp failed. */
export function diagnoseBuildLog(log: string): string {
  const known = DIAGNOSES.find(([pattern]) => pattern.test(log));
  if (known !== undefined) return known[1];
  const [, compilerError] = /:\d+: (?:fatal )?error: (.+)/.exec(log) ?? [];
  return `the compilation failed${compilerError === undefined ? "" : `: ${compilerError}`}`;
}
