// Runs the measurements: a process each, in shuffled order, several times; medians of all rounds.
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { benchDirectory } from "../support/build.mjs";
import { median, shuffled, spread } from "../support/report.mjs";

/**
 * `runs` is title to Node's arguments, the script's path in bench/ first among them. Gives, by
 * title and by name of a figure, its median and spread.
 */
export function measure(runs, rounds, argumentsBefore = []) {
  const samples = new Map(Object.keys(runs).map((title) => [title, []]));
  for (let round = 0; round < rounds; round++) {
    for (const title of shuffled(Object.keys(runs))) {
      const [script, ...rest] = runs[title];
      const args = [...argumentsBefore, join(benchDirectory, script), ...rest];
      const output = execFileSync(process.execPath, args, { encoding: "utf8" });
      samples.get(title).push(JSON.parse(output));
    }
  }
  return Object.fromEntries([...samples].map(([title, outputs]) => [title, summary(outputs)]));
}

function summary(outputs) {
  const names = Object.keys(outputs[0]);
  return Object.fromEntries(
    names.map((name) => {
      const values = outputs.map((output) => output[name]);
      return [name, { median: median(values), spread: spread(values) }];
    }),
  );
}
