import type { Command } from "commander";
import { CommandFailure } from "../failure.js";
import { integerOption } from "../options.js";

interface RunOptions {
  readonly sandbox: string;
  readonly allowRead: readonly string[];
  readonly limit?: string;
  readonly timeoutMs: number;
}

const longestTimeoutMs = 2 ** 31 - 1; // what a timer of Node can wait

/** `nearfar isolate run`: one call of a library that nobody knows, in the sandbox. */
export function addIsolateCommand(program: Command): void {
  program
    .command("isolate")
    .description("native calls in a process of their own")
    .command("run")
    .description("call one function of a library in the sandbox, and tell what it tried")
    .argument("<library>", "such as ./lib.so")
    .argument("<declaration>", 'the C prototype, such as "double f(double)"')
    .argument("[arguments...]", "each as JSON; text need not be quoted")
    .option("--sandbox <profile>", "none, compute, read-only or network", "compute")
    .option("--allow-read <path>", "may be read under read-only and network", collect, [])
    .option("--limit <limits>", "such as memory=256M,cpu=5: nearfar helper --help")
    .option("--timeout-ms <number>", "ends the call", integerOption(1, longestTimeoutMs), 10_000)
    .addHelpText("after", examples)
    .action(runCommand);
}

const examples = `
The result is printed as JSON; what the sandbox refused, on standard error.

Examples:
  $ nearfar isolate run libm.so.6 "double hypot(double x, double y)" 3 4
  $ nearfar isolate run ./unknown.so "int parse(const char *text)" hello --sandbox read-only`;

function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}

async function runCommand(
  library: string,
  declaration: string,
  args: readonly string[],
  { sandbox, allowRead, limit, timeoutMs }: RunOptions,
): Promise<void> {
  const { runIsolated } = await import("./run.js");
  const { requireHelper } = await import("../require-helper.js");
  const options = [
    "--server",
    ...["--sandbox", sandbox],
    ...allowRead.flatMap((path) => ["--allow-read", path]),
    ...(limit === undefined ? [] : ["--limit", limit]),
  ];
  const call = { helper: requireHelper(), options, library, declaration, args, timeoutMs };
  const { result, problem, refusals } = await runIsolated(call);
  if (result !== undefined) console.log(result);
  for (const refusal of refusals) console.error(`nearfar: the sandbox refused ${refusal}`);
  if (problem !== undefined) throw new CommandFailure(problem);
}
