import { isAbsolute, join, resolve } from "node:path";
import type { NativeBinding } from "./binding.js";
import { CONTRACT } from "./contract.js";
import { describeDlopenFailure } from "./dlopen-problem.js";
import { fs } from "./file-system.js";
import { hasPackageRoot, packageRoot } from "./package-info.js";
import { choosePrebuild, prebuildDirectory } from "./prebuild.js";
import { packageVersion } from "./version.js";

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
  const { found, refused, problem } = candidates(override);
  const attempts = [...refused];
  for (const { path, source } of found) {
    const result = tryBinary(path);
    if (typeof result !== "string") {
      return { binding: result, path, source, attempts, summary: `loaded ${path} (${source})` };
    }
    attempts.push({ path, problem: result });
  }
  const problems = attempts.map((attempt) => `${attempt.path}: ${attempt.problem}`).join("; ");
  return absent(attempts, problems || noBinary(problem));
}

function absent(attempts: Attempt[], reason: string): LoadReport {
  const summary = `no native binary: ${reason}`;
  return { binding: undefined, path: undefined, source: "none", attempts, summary };
}

function noBinary(problem: string): string {
  if (!hasPackageRoot) {
    return (
      "this code was bundled and the package nearfar is not installed beside the bundle; " +
      "keep it out of the bundle (mark it as external), or set NEARFAR_NATIVE to the binary's path"
    );
  }
  return `${problem} and no local build; run \`npx nearfar-build\` to compile one`;
}

interface Candidate {
  readonly path: string;
  readonly source: "override" | "prebuild" | "build";
}

interface Candidates {
  /** What to try, in order. */
  readonly found: readonly Candidate[];
  /** A prebuild that could not be looked for. */
  readonly refused: readonly Attempt[];
  /** Why no prebuild is among those found. */
  readonly problem: string;
}

function candidates(override: string | undefined): Candidates {
  if (override !== undefined && override !== "") {
    const path = isAbsolute(override) ? override : resolve(override);
    return { found: [{ path, source: "override" }], refused: [], problem: "" };
  }
  const path = join(packageRoot, "build", "Release", "nearfar.node");
  const builds: Candidate[] = fs.existsSync(path) ? [{ path, source: "build" }] : [];
  try {
    const choice = choosePrebuild();
    if (choice.path === undefined) return { found: builds, refused: [], problem: choice.problem };
    const prebuild = { path: choice.path, source: "prebuild" } as const;
    return { found: [prebuild, ...builds], refused: [], problem: "" };
  } catch (error) {
    // Under --permission node-gyp-build, or the directory, may not be ours to read.
    const refused = { path: prebuildDirectory, problem: describeDlopenFailure(error) };
    return { found: builds, refused: [refused], problem: "" };
  }
}

/** The binding, or what is wrong with the file. */
function tryBinary(path: string): NativeBinding | string {
  // Not `require`, which would take a file of another kind, such as JSON, for a binary.
  const loaded = { exports: {} };
  try {
    process.dlopen(loaded, path);
  } catch (error) {
    return describeDlopenFailure(error);
  }
  const binding = loaded.exports as NativeBinding;
  return isCurrent(binding) ? binding : describeStale(binding);
}

/** What a binary says of itself; one of another kind says nothing. */
export type BuiltFrom = Partial<Pick<NativeBinding, "version" | "contract">>;

/** Whether a binary was built for this code: of the same version, and exporting the same. */
export function isCurrent({ version, contract }: BuiltFrom): boolean {
  return version === packageVersion && contract === CONTRACT;
}

/** What is wrong with a binary that was built for other code, and what to do. */
export function describeStale({ version, contract }: BuiltFrom): string {
  const remedy = "run `npx nearfar-build` to compile it again";
  if (version !== packageVersion) {
    return `was built from nearfar ${version ?? "unknown"}, this is ${packageVersion}; ${remedy}`;
  }
  const difference = `contract ${contract ?? "unknown"}, this is ${CONTRACT}`;
  return `was built from other sources of nearfar ${version} (${difference}); ${remedy}`;
}
