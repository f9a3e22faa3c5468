import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { arch, availableParallelism, cpus, platform, release, totalmem } from "node:os";
import { join } from "node:path";
import { packageRoot } from "../../internal/package-info.js";

/** What a measurement depends on besides the code. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryBytes: number;
  readonly node: string;
  readonly os: string;
}

export function describeMachine(): Machine {
  return {
    cpu: cpus()[0]?.model.trim() ?? "unknown CPU",
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    node: process.versions.node,
    os: `${platform()} ${release()} ${arch()}`,
  };
}

/** `AMD EPYC, 2 cores, Node 20.20.2, linux 6.1.0 x64` */
export function machineLine({ cpu, cores, node, os }: Machine): string {
  return `${cpu}, ${cores} ${cores === 1 ? "core" : "cores"}, Node ${node}, ${os}`;
}

/** The commit that is checked out; undefined in an installed package. */
export function sourceCommit(): string | undefined {
  if (!existsSync(join(packageRoot, ".git"))) return undefined;
  try {
    const options = { cwd: packageRoot, encoding: "utf8", stdio: "pipe" } as const;
    return execFileSync("git", ["rev-parse", "--short=12", "HEAD"], options).trim();
  } catch {
    return undefined; // without git, or in a repository without a commit
  }
}
