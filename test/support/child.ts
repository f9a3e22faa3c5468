import { spawnSync } from "node:child_process";
import { repositoryRoot } from "./compile.js";

export interface ChildOutcome {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program's text in a process of its own, where `dist` is to be imported. */
export function runProgram(
  program: string,
  {
    flags = [] as readonly string[],
    env = {} as Record<string, string>,
    args = [] as readonly string[],
  } = {},
): ChildOutcome {
  const list = [...flags, "--input-type=module", "-e", program, "--", ...args];
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, list, {
    cwd: repositoryRoot,
    encoding: "utf8",
    env: { ...process.env, ...env },
  });
  return { status, signal, stdout, stderr };
}
