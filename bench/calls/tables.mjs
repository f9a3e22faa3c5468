// A run as text: Markdown tables, as docs/benchmarks.md has them.
import { figure, markdownTable } from "../support/markdown.mjs";
import { CASES } from "./cases.mjs";
import { PEERS } from "./peers.mjs";
import { AXES } from "./sweeps.mjs";

const percent = (spread) => `±${Math.round(spread * 100)}%`;

/** Everything that was measured, and why something was not. */
export function reportText({ machine, rounds, results, budgets, inFlight }) {
  const { cpu, cores, platform, runtimes } = machine;
  const versions = Object.values(runtimes).join(", ");
  const parts = [
    `Nanoseconds a call: the fastest tenth of a round's samples, the quietest of ${rounds} rounds; ±: all samples.`,
    `${cpu}, ${cores} cores, ${platform}; run by ${versions}.`,
    "",
    singleTable(results),
    ...Object.keys(AXES).map((sweep) => sweepTable(sweep, results)),
    ...reasons(results),
    budgetTable(budgets),
    inFlightTable(inFlight),
  ];
  return parts.filter((part) => part !== undefined).join("\n");
}

function peersOf(results) {
  const measured = results.flatMap(({ peers }) =>
    Object.keys(peers).filter((peer) => peers[peer].missing === undefined),
  );
  return Object.keys(PEERS).filter((peer) => measured.includes(peer));
}

function cell(each) {
  if (each?.nanoseconds === undefined) return "–";
  return `${figure(each.nanoseconds)} ${percent(each.spread)}`;
}

function singleTable(results) {
  const single = results.filter(({ title }) => CASES[title].sweep === undefined);
  if (single.length === 0) return undefined;
  const peers = peersOf(single);
  const rows = single.map(({ title, peers: row }) => [title, ...peers.map((p) => cell(row[p]))]);
  return `${markdownTable([["", ...peers], ...rows])}\n`;
}

function sweepTable(sweep, results) {
  const points = results.filter(({ title }) => CASES[title].sweep === sweep);
  if (points.length === 0) return undefined;
  const peers = peersOf(points);
  const rows = points.map(({ title, peers: row }) => [
    CASES[title].size.toLocaleString("en-US"),
    ...peers.map((peer) => cell(row[peer])),
  ]);
  return `${markdownTable([[`${sweep}, ${AXES[sweep]}`, ...peers], ...rows])}\n`;
}

/** One line for each peer and reason. */
function reasons(results) {
  const cases = new Map();
  for (const { title, peers } of results) {
    for (const [peer, { missing }] of Object.entries(peers)) {
      if (missing === undefined) continue;
      const key = `- ${peer}, ${missing}`;
      cases.set(key, [...(cases.get(key) ?? []), CASES[title].sweep ?? title]);
    }
  }
  const lines = [...cases].map(([key, titles]) => `${key}: ${[...new Set(titles)].join("; ")}`);
  return lines.length === 0 ? [] : ["Left out:", ...lines, ""];
}

function budgetTable(budgets) {
  if (budgets.length === 0) return undefined;
  const rows = budgets.map(({ title, peer, against, most, how, value, met }) => [
    title,
    peer,
    how === "ratio"
      ? `<= ${most} x ${against}`
      : `<= ${most} ns${against ? ` over ${against}` : ""}`,
    figure(value),
    met ? "met" : "missed",
  ]);
  return `${markdownTable([["budget", "who", "at most", "measured", ""], ...rows])}\n`;
}

function inFlightTable(inFlight) {
  const rows = Object.entries(inFlight).map(([peer, { milliseconds, error }]) => [
    peer,
    error ?? `done in ${figure(milliseconds)} ms`,
  ]);
  if (rows.length === 0) return undefined;
  return markdownTable([["100,000 asynchronous calls at once", ""], ...rows]);
}
