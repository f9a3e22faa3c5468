import { createRequire } from "node:module";
import { isAbsolute, join, resolve } from "node:path";
import type { NativeBinding } from "./binding.js";
import { fs } from "./file-system.js";
import { packageRoot, packageVersion } from "./package-info.js";

/** Where a binary was looked for, and why it was not taken. */
export interface Attempt {
  readonly path: string;
  readonly problem: string;
}

/** What loading came to. `binding` is absent when nothing native works here. */
export interface LoadReport {
  readonly binding: NativeBinding | undefined;
  readonly path: string | undefined;
  readonly source: "override" | "prebuild" | "build" | "none";
  readonly attempts: readonly Attempt[];
  /** One sentence: what is loaded, or why nothing is. */
  readonly summary: string;
}

let report: LoadReport | undefined;

/**
 * Loads the native binary once: `NEARFAR_NATIVE` (`off`, or a path), then a prebuild, then a local
 * build. Never throws; what went wrong is in the report.
 */
export function loadNative(): LoadReport {
  report ??= load(process.env.NEARFAR_NATIVE);
  return report;
}

function load(override: string | undefined): LoadReport {
  if (override === "off") return absent([], "switched off by NEARFAR_NATIVE=off");
  const attempts: Attempt[] = [];
  for (const candidate of candidates(override, attempts)) {
    const result = tryBinary(candidate.path);
    if (typeof result !== "string") {
      const { path, source } = candidate;
      return { binding: result, path, source, attempts, summary: `loaded ${path} (${source})` };
    }
    attempts.push({ path: candidate.path, problem: result });
  }
  const problems = attempts.map(({ path, problem }) => `${path}: ${problem}`).join("; ");
  return absent(attempts, problems || noBinary());
}

function absent(attempts: Attempt[], reason: string): LoadReport {
  const summary = `no native binary: ${reason}`;
  return { binding: undefined, path: undefined, source: "none", attempts, summary };
}

function noBinary(): string {
  const target = `${process.platform}-${process.arch}`;
  return `no prebuild for ${target} and no local build; run \`npx nearfar-build\` to compile one`;
}

interface Candidate {
  readonly path: string;
  readonly source: "override" | "prebuild" | "build";
}

/** What to try, in order. A prebuild that cannot be looked for goes to `attempts`. */
function candidates(override: string | undefined, attempts: Attempt[]): Candidate[] {
  if (override !== undefined && override !== "") {
    const path = isAbsolute(override) ? override : resolve(override);
    return [{ path, source: "override" }];
  }
  const found: Candidate[] = [];
  try {
    const prebuild = findPrebuild();
    if (prebuild !== undefined) found.push({ path: prebuild, source: "prebuild" });
  } catch (error) {
    // Under --permission node-gyp-build, or the directory, may not be ours to read.
    attempts.push({ path: join(packageRoot, "prebuilds"), problem: problemOf(error) });
  }
  const build = join(packageRoot, "build", "Release", "nearfar.node");
  if (fs.existsSync(build)) found.push({ path: build, source: "build" });
  return found;
}

/** The parts of node-gyp-build that name and order prebuilds; it exports them for such use. */
interface PrebuildNaming {
  parseTuple(name: string): unknown;
  matchTuple(platform: string, arch: string): (tuple: unknown) => boolean;
  compareTuples(a: unknown, b: unknown): number;
  parseTags(file: string): { file: string } | undefined;
  matchTags(runtime: string, abi: string): (tags: { file: string } | undefined) => boolean;
  compareTags(runtime: string): (a: unknown, b: unknown) => number;
}

/** The prebuild that fits this platform, architecture and libc. */
export function findPrebuild(): string | undefined {
  const directory = join(packageRoot, "prebuilds");
  if (!fs.existsSync(directory)) return undefined;
  const names = fs.readdirSync(directory).filter((name) => name.startsWith(`${process.platform}-`));
  if (names.length === 0) return undefined; // node-gyp-build takes milliseconds to load.
  const naming = createRequire(import.meta.url)("node-gyp-build") as PrebuildNaming;
  const tuple = names
    .map(naming.parseTuple)
    .filter(naming.matchTuple(process.platform, process.arch))
    .sort(naming.compareTuples)[0] as { name: string } | undefined;
  if (tuple === undefined) return undefined;
  const binaries = join(directory, tuple.name);
  const tags = fs
    .readdirSync(binaries)
    .map(naming.parseTags)
    .filter(naming.matchTags("node", process.versions.modules))
    .sort(naming.compareTags("node"))[0];
  return tags === undefined ? undefined : join(binaries, tags.file);
}

/** The binding, or what is wrong with the file. */
function tryBinary(path: string): NativeBinding | string {
  // Not `require`, which would take a file of another kind, such as JSON, for a binary.
  const loaded = { exports: {} };
  try {
    process.dlopen(loaded, path);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ERR_DLOPEN_DISABLED") {
      return addonsDisabled();
    }
    return problemOf(error);
  }
  const binding = loaded.exports as NativeBinding;
  if (binding.version !== packageVersion) {
    return `was built from nearfar ${binding.version}, this is ${packageVersion}; rebuild it`;
  }
  return binding;
}

function problemOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split("\n")[0] ?? "unknown";
}

/** Node's own message does not say by what, nor what to do about it. */
function addonsDisabled(): string {
  return "permission" in process && process.permission !== undefined
    ? "node runs with --permission, under which native addons need --allow-addons"
    : "node runs with --no-addons, which keeps native addons from loading";
}
