import { existsSync } from "node:fs";
import { backend } from "../crypto/index.js";
import { requireEngine } from "../ffi/call/engine.js";
import { Isolate } from "../ffi/isolate/isolate.js";
import { currentLibc, glibcVersion } from "../internal/libc.js";
import { type Attempt, loadNative } from "../internal/loader.js";
import { choosePrebuild, type PrebuildChoice } from "../internal/prebuild.js";
import { packageVersion } from "../internal/version.js";
import { builtBinary } from "./compile.js";

/** What `nearfar doctor` finds out; `--json` prints it. */
export interface Diagnosis {
  readonly nearfar: string;
  readonly node: string;
  readonly platform: string;
  readonly arch: string;
  /** `glibc 2.36`, `musl`; undefined where the C library is no question. */
  readonly libc: string | undefined;
  readonly native: {
    readonly loaded: boolean;
    readonly path: string | undefined;
    readonly source: "override" | "prebuild" | "build" | "none";
    readonly summary: string;
    readonly attempts: readonly Attempt[];
  };
  /** The calling convention of the binary; undefined without one. */
  readonly abi: string | undefined;
  /** How JavaScript reaches native code, and why so; undefined without a binary. */
  readonly crossing:
    | { readonly name: "v8" | "node-api" | "helper"; readonly reason: string }
    | undefined;
  /** How calls get to helper processes, and why not by shared memory. */
  readonly isolation: {
    readonly channel: "memory" | "socket" | "none";
    readonly reason: string | undefined;
  };
  readonly crypto: { readonly backend: "native" | "node"; readonly reason: string };
  readonly prebuild: string | undefined;
  /** Why no prebuild fits; undefined if one does. */
  readonly prebuildProblem: string | undefined;
  readonly localBuild: string | undefined;
  /** What to do; empty when nothing can be better. */
  readonly advice: readonly string[];
}

export function diagnose(): Diagnosis {
  const { binding, path, source, summary, attempts } = loadNative();
  const prebuild = lookForPrebuild();
  return {
    nearfar: packageVersion,
    node: process.versions.node,
    platform: process.platform,
    arch: process.arch,
    libc: describeLibc(),
    native: { loaded: binding !== undefined, path, source, summary, attempts },
    abi: binding?.abi,
    crossing: binding === undefined ? undefined : describeCrossing(),
    isolation: describeIsolation(),
    crypto: { backend, reason: cryptoReason(binding !== undefined) },
    prebuild: prebuild.path,
    prebuildProblem: prebuild.problem,
    localBuild: existsSync(builtBinary) ? builtBinary : undefined,
    advice: binding === undefined ? adviceWithoutBinary(attempts) : [],
  };
}

function describeCrossing(): { name: "v8" | "node-api" | "helper"; reason: string } {
  const { name, reason } = requireEngine().crossing;
  return { name, reason };
}

/** No helper is started for that. */
function describeIsolation(): Diagnosis["isolation"] {
  let reason: string | undefined;
  for (const channel of ["memory", "socket"] as const) {
    try {
      new Isolate({ channel }).close();
      return { channel, reason };
    } catch (error) {
      const cause = (error as Error).cause ?? error; // What the system said, if that is why.
      reason = cause instanceof Error ? cause.message : String(cause);
    }
  }
  return { channel: "none", reason };
}

function cryptoReason(isLoaded: boolean): string {
  if (backend === "native") return `OpenSSL ${process.versions.openssl} of this process`;
  if (!isLoaded) return "node:crypto, because no native binary is loaded";
  return "node:crypto, because this process does not export the OpenSSL functions it needs";
}

/** Under the permission model the package's folder may not be ours to read. */
function lookForPrebuild(): PrebuildChoice {
  try {
    return choosePrebuild();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { path: undefined, problem: `cannot look for one: ${reason}` };
  }
}

function describeLibc(): string | undefined {
  const libc = currentLibc();
  return libc === "glibc" ? `glibc ${glibcVersion() ?? ""}`.trimEnd() : libc;
}

function adviceWithoutBinary(attempts: readonly Attempt[]): string[] {
  const override = process.env.NEARFAR_NATIVE ?? "";
  if (override === "off") return ["Unset NEARFAR_NATIVE (it is off) to use the native binary."];
  if (override !== "") {
    return ["Correct NEARFAR_NATIVE to the path of a nearfar binary that loads, or unset it."];
  }
  const found = attempts.length === 0 ? "" : ", which replaces the one that does not load";
  return [
    `Run \`npx nearfar-build\` to compile the binary here${found}.`,
    "It needs a C++20 compiler, make and Python 3 (Windows: Visual Studio's C++ build tools).",
    "Without it everything still works, over node:crypto and HTTP.",
  ];
}
