import { spawn } from "node:child_process";
import { once } from "node:events";
import { constants } from "node:os";
import type { Command } from "commander";

/** `nearfar helper`: the helper process, with its own options. */
export function addHelperCommand(program: Command): void {
  program
    .command("helper")
    .description("make native calls for another process, over lines of JSON")
    .argument("[options...]", "of the helper: --server, --socket PATH, --help and so on")
    .option("--where", "print the path of its executable")
    .helpOption(false)
    .allowUnknownOption()
    .action(async (args: readonly string[], { where }: { readonly where?: true }) => {
      const { requireHelper } = await import("./require-helper.js");
      const path = requireHelper();
      if (where) console.log(path);
      else process.exitCode = await runHelper(path, args);
    });
}

/** Its exit code; as a shell says it, for a signal. */
async function runHelper(path: string, args: readonly string[]): Promise<number> {
  const child = spawn(path, args, { stdio: "inherit" });
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const signal of signals) process.on(signal, () => child.kill(signal));
  const [code, signal] = (await once(child, "close")) as [number | null, NodeJS.Signals | null];
  return code ?? 128 + (signal === null ? 0 : constants.signals[signal]);
}
