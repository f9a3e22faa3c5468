// What does one native call cost? Each peer and case runs in its own process, in shuffled order,
// several times; the table shows the median of all loops. `--json` prints everything.
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { CASES } from "./calls/cases.mjs";
import { PEERS } from "./calls/peers.mjs";
import { benchDirectory, compile, installPeers, nodeHeaders } from "./support/build.mjs";
import { machine, median, shuffled, spread, table } from "./support/report.mjs";

const ROUNDS = 5;

installPeers();
const library = compile("calls/library.c", "libcalls.so");
const byHand = compile("calls/by-hand.c", "by-hand.node", [`-I${nodeHeaders()}`]);
const peers = Object.keys(PEERS);
const samples = new Map();
const checks = new Map();

for (let round = 0; round < ROUNDS; round++) {
  const runs = Object.keys(CASES).flatMap((title) => peers.map((peer) => ({ title, peer })));
  for (const { title, peer } of shuffled(runs)) {
    const script = join(benchDirectory, "calls", "measure.mjs");
    const input = [script, peer, title, CASES[title].name, library, byHand];
    const output = JSON.parse(execFileSync(process.execPath, input, { encoding: "utf8" }));
    const key = `${title}|${peer}`;
    samples.set(key, [...(samples.get(key) ?? []), ...output.samples]);
    checks.set(key, output.check);
  }
}

const results = Object.keys(CASES).map((title) => {
  const row = Object.fromEntries(
    peers.map((peer) => {
      const values = samples.get(`${title}|${peer}`);
      return [peer, { nanoseconds: median(values), spread: spread(values) }];
    }),
  );
  const sums = new Set(peers.map((peer) => Math.round(checks.get(`${title}|${peer}`) / 10)));
  if (sums.size !== 1) throw new Error(`the peers disagree on "${title}"`);
  return {
    title,
    ...row,
    ratioToKoffi: row.nearfar.nanoseconds / row.koffi.nanoseconds,
    ratioByNodeApi: row["nearfar by Node-API"].nanoseconds / row.koffi.nanoseconds,
  };
});

if (process.argv.includes("--json")) {
  console.log(JSON.stringify({ machine: machine(), rounds: ROUNDS, results }, null, 2));
} else {
  const { cpu, cores, node, platform } = machine();
  console.log(`Nanoseconds a call, median. ${cpu}, ${cores} cores, Node ${node}, ${platform}\n`);
  const cell = ({ nanoseconds, spread }) =>
    `${nanoseconds.toFixed(1)} ±${Math.round(spread * 100)}%`;
  const rows = results.map((result) => [
    result.title,
    ...peers.map((peer) => cell(result[peer])),
    result.ratioToKoffi.toFixed(2),
    result.ratioByNodeApi.toFixed(2),
  ]);
  console.log(table([["", ...peers, "/ koffi", "by Node-API / koffi"], ...rows]));
}
