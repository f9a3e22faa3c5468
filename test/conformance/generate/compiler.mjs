// The C compiler, and the processes that run what it made.
import { spawn } from "node:child_process";

/** Compiles a source to a shared library. Throws with the compiler's own words. */
export async function compile(compiler, source, library) {
  const flags = ["-shared", "-fPIC", "-O1", "-w", "-Wno-psabi", "-o", library, source];
  const { status, output } = await run(compiler, flags);
  if (status !== 0) throw new Error(`${compiler} ${flags.join(" ")}:\n${output}`);
}

/** Whether a program is there to be run. */
export async function exists(program) {
  try {
    return (await run(program, ["--version"])).status === 0;
  } catch {
    return false;
  }
}

/** Runs a program to its end. `status` is its exit code or the signal that ended it. */
export function run(program, args, env = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { env: { ...process.env, ...env } });
    const chunks = [];
    child.stdout.on("data", (chunk) => chunks.push(chunk));
    child.stderr.on("data", (chunk) => chunks.push(chunk));
    child.on("error", reject);
    child.on("close", (code, signal) => {
      resolve({ status: code ?? signal, output: Buffer.concat(chunks).toString() });
    });
  });
}
