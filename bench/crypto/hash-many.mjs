// What do many inputs cost, together and by several threads?
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { benchDirectory } from "../support/build.mjs";
import { spread, table, undisturbed } from "../support/report.mjs";

const THREADS = [1, 2];

export function measureMany({ rounds, isQuick }) {
  const samples = new Map();
  for (let round = 0; round < rounds; round++) {
    for (const threads of THREADS) {
      const script = join(benchDirectory, "crypto", "many-measure.mjs");
      const env = { ...process.env, NEARFAR_THREADS: String(threads) };
      const output = execFileSync(process.execPath, [script, isQuick ? "5" : "15"], {
        encoding: "utf8",
        env,
      });
      for (const [name, values] of Object.entries(JSON.parse(output))) {
        const key = `${name}|${threads}`;
        samples.set(key, [...(samples.get(key) ?? []), ...values]);
      }
    }
  }
  const names = [...new Set([...samples.keys()].map((key) => key.split("|")[0]))];
  const results = names.map((name) => ({
    name,
    byThreads: THREADS.map((threads) => {
      const values = samples.get(`${name}|${threads}`);
      return { threads, nanoseconds: undisturbed(values), spread: spread(values) };
    }),
  }));
  return { results, budgets: judge(results) };
}

function judge(results) {
  const at = (name, threads) =>
    results
      .find((result) => result.name === name)
      .byThreads.find((entry) => entry.threads === threads).nanoseconds;
  const records = "hashManyIntoAsync, 64-byte records";
  const entries = [
    {
      what: "hashMany / hash in a loop, 64 bytes",
      measured: at("hashMany, 64 bytes", 1) / at("hash in a loop, 64 bytes", 1),
      ratio: 0.5,
    },
    {
      what: "hashManyIntoAsync, two threads / one",
      measured: at(records, 2) / at(records, 1),
      ratio: 1 / 1.7,
    },
    {
      what: "a million of 13 bytes, seconds",
      measured: at("a million of 13 bytes, hashManyInto", 1) / 1000,
      ratio: 0.15,
    },
  ];
  return entries.map((entry) => ({ ...entry, met: entry.measured <= entry.ratio }));
}

export function printMany({ results }) {
  const rows = results.map(({ name, byThreads }) => [
    name,
    ...byThreads.map(({ nanoseconds }) => nanoseconds.toFixed(0)),
  ]);
  const head = THREADS.map((threads) => `${threads} thread${threads > 1 ? "s" : ""}`);
  console.log(table([["nanoseconds an input", ...head], ...rows]));
}
