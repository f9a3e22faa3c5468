import { relative, resolve } from "node:path";
import type { Command } from "commander";
import { fs } from "../../internal/file-system.js";
import { CommandFailure, EXIT_CODES } from "../failure.js";
import { integerOption } from "../options.js";
import { Progress } from "../progress.js";
import type { BenchReport } from "./report.js";

interface CommandOptions {
  readonly quick?: true;
  readonly json?: true | string;
  readonly html: false | string;
  readonly svg?: string;
  readonly seed?: number;
}

const defaultHtml = "nearfar-bench.html";
const largestSeed = 0xffff_ffff;

/** `nearfar bench`: the price of a call near, aside and far, on this machine. */
export function addBenchCommand(program: Command): void {
  program
    .command("bench")
    .description("measure what the same calls cost near, aside, over TCP and over a Unix socket")
    .option("--quick", "less than 25 seconds instead of less than 90")
    .option("--json [file]", "print everything as JSON instead of the table, or write it to a file")
    .option("--html <file>", "where to write the report with charts", defaultHtml)
    .option("--no-html", "write no report")
    .option("--svg <file>", "also write the chart of latencies alone")
    .option(
      "--seed <number>",
      "of the order and the data, to repeat a run",
      integerOption(0, largestSeed),
    )
    .addHelpText("after", examples)
    .action(runCommand);
}

const examples = `
Examples:
  $ nearfar bench --quick
  $ nearfar bench --json > result.json
  $ nearfar bench --quick --seed 7 --html report.html`;

async function runCommand(options: CommandOptions): Promise<void> {
  const { runBench } = await import("./run.js");
  const seed = options.seed ?? Math.floor(Math.random() * (largestSeed + 1));
  const progress = new Progress();
  const controller = new AbortController();
  const interrupt = () =>
    controller.abort(
      new CommandFailure("interrupted; nothing was written", EXIT_CODES.interrupted),
    );
  process.once("SIGINT", interrupt).once("SIGTERM", interrupt);
  try {
    const quick = options.quick === true;
    await showReport(await runBench({ quick, seed }, progress, controller.signal), options);
  } catch (error) {
    // Whatever failed because of the interruption, the interruption is the news.
    throw controller.signal.aborted ? controller.signal.reason : error;
  } finally {
    progress.clear();
    process.off("SIGINT", interrupt).off("SIGTERM", interrupt);
  }
}

async function showReport(report: BenchReport, options: CommandOptions): Promise<void> {
  const json = `${JSON.stringify(report, null, 2)}\n`;
  if (options.json === true) {
    process.stdout.write(json);
  } else {
    const { renderReport } = await import("./terminal.js");
    console.log(renderReport(report));
  }
  const written: string[] = [];
  const write = (file: string, text: string) => {
    writeReportFile(file, text);
    written.push(relative(process.cwd(), resolve(file)));
  };
  if (typeof options.json === "string") write(options.json, json);
  if (options.svg !== undefined) {
    const { latencyChart, oneAtATime } = await import("./charts.js");
    write(options.svg, `${latencyChart(report, oneAtATime)}\n`);
  }
  if (options.html !== false) {
    const { renderHtml } = await import("./html.js");
    write(options.html, renderHtml(report));
  }
  // With --json, standard output is for the JSON alone.
  const say = options.json === true ? console.error : console.log;
  if (written.length > 0) say(`\nReport: ${written.join(", ")}`);
}

function writeReportFile(file: string, text: string): void {
  try {
    fs.writeFileSync(file, text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CommandFailure(`the report cannot be written: ${reason}`);
  }
}
