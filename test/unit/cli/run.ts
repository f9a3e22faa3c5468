import { spawn } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../../../", import.meta.url));
export const cli = join(root, "dist", "cli", "main.js");

export interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
}

/** Runs the built command line as a user does: `node dist/cli/main.js ...`. */
export function nearfar(args: readonly string[], options: RunOptions = {}): Promise<Outcome> {
  return runNode([cli, ...args], options);
}

export function runNode(args: readonly string[], options: RunOptions = {}): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, {
      cwd: options.cwd ?? root,
      env: { ...process.env, ...options.env },
    });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
      stdout += chunk;
    });
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
      stderr += chunk;
    });
    child.once("error", reject);
    child.once("close", (status) => resolve({ status, stdout, stderr }));
    child.stdin.end(options.input ?? "");
  });
}

/** A command that keeps running, such as a server. */
export interface Running {
  /** What it had printed, on both streams, when the awaited text appeared. */
  readonly output: string;
  /** Sends the signal and waits for the end. */
  stop(signal?: NodeJS.Signals): Promise<Outcome>;
}

/** Starts a command and waits until it has printed the text. Rejects if it ends before. */
export function startNearfar(
  args: readonly string[],
  awaited: string,
  env: Readonly<Record<string, string>> = {},
): Promise<Running> {
  return new Promise((resolve, reject) => {
    const options = { cwd: root, env: { ...process.env, ...env } };
    const child = spawn(process.execPath, [cli, ...args], options);
    let stdout = "";
    let stderr = "";
    const ended = new Promise<Outcome>((resolveEnd) => {
      child.once("close", (status) => resolveEnd({ status, stdout, stderr }));
    });
    const stop = (signal: NodeJS.Signals = "SIGTERM") => {
      child.kill(signal);
      return ended;
    };
    const look = () => {
      const output = stdout + stderr;
      if (output.includes(awaited)) resolve({ output, stop });
    };
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
      stdout += chunk;
      look();
    });
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
      stderr += chunk;
      look();
    });
    child.once("error", reject);
    ended.then(() => reject(new Error(`ended before it printed ${awaited}: ${stderr}`)));
  });
}
