// What does one native call cost, and how does the cost grow? nearfar beside its peers, in one run.
//
//   node bench/calls.mjs [--quick] [--rounds count] [--case name] [--json]
//
// --quick   one short round: to see that everything works
// --rounds  how often every case is run, in processes of their own; 3 by default
// --case    only cases whose title contains this, as often as given
// --json    everything measured, for bench/chart.mjs
import { parseArgs } from "node:util";
import { checkBudgets } from "./calls/budgets.mjs";
import { CASES } from "./calls/cases.mjs";
import { PEERS } from "./calls/peers.mjs";
import { runCases, runInFlight } from "./calls/run.mjs";
import { versions } from "./calls/runtimes.mjs";
import { sweptSource } from "./calls/sweep-functions.mjs";
import { reportText } from "./calls/tables.mjs";
import { compile, installPeers, nodeHeaders, writeSource } from "./support/build.mjs";
import { machine } from "./support/report.mjs";

const { values: options } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    rounds: { type: "string", default: "3" },
    case: { type: "string", multiple: true, default: [] },
    json: { type: "boolean", default: false },
  },
});
const rounds = options.quick ? 1 : Number(options.rounds);
if (!Number.isInteger(rounds) || rounds < 1) {
  console.error(`--rounds must be a positive integer, got ${options.rounds}`);
  process.exit(2);
}
const samples = options.quick ? 11 : 41;
const titles = Object.keys(CASES).filter(
  (title) => options.case.length === 0 || options.case.some((part) => title.includes(part)),
);
if (titles.length === 0) {
  console.error(`no case is called ${options.case.join(", ")}:\n${Object.keys(CASES).join("\n")}`);
  process.exit(2);
}

installPeers();
const sources = ["calls/library.c", writeSource("swept.c", sweptSource())];
const paths = {
  library: compile(sources, "libcalls.so", ["-O3"]),
  byHand: compile("calls/by-hand.c", "by-hand.node", [`-I${nodeHeaders()}`]),
};
const results = runCases(titles, { rounds, samples, paths, progress });
const withAsync = titles.some((title) => CASES[title].kind === "async");
const report = {
  machine: { ...machine(), runtimes: versions() },
  date: new Date().toISOString().slice(0, 10),
  rounds,
  results,
  budgets: checkBudgets(results),
  inFlight: withAsync ? runInFlight(Object.keys(PEERS), paths) : {},
};
console.log(options.json ? JSON.stringify(report, null, 2) : reportText(report));

function progress(done, total) {
  if (process.stderr.isTTY)
    process.stderr.write(`\r${done} of ${total} ${done === total ? "\n" : ""}`);
}
