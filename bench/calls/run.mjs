// Runs cases: every peer and case in a process of its own, all of them once a round in shuffled
// order, so that what disturbs the machine disturbs everybody.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { benchDirectory } from "../support/build.mjs";
import { median, shuffled, spread, undisturbed } from "../support/report.mjs";
import { CASES } from "./cases.mjs";
import { PEERS, takes } from "./peers.mjs";
import { runtime } from "./runtimes.mjs";

/**
 * Results by case and peer: `{ nanoseconds, rounds, median, spread }`, which are the quietest
 * round's undisturbed time, those of all rounds, and what all samples say; or `{ missing }` with
 * the reason. `progress` is told how many runs are done.
 */
export function runCases(titles, { rounds, samples, paths, progress }) {
  const results = new Map();
  const total = pairsOf(titles, results).length * rounds;
  let done = 0;
  for (let round = 0; round < rounds; round++) {
    for (const { title, peer } of shuffled(pairsOf(titles, results))) {
      progress(++done, total);
      note(results, title, peer, measure(peer, title, samples, paths));
    }
  }
  for (const title of titles) requireEqual(title, results.get(title));
  return titles.map((title) => ({ title, peers: summarise(results.get(title)) }));
}

function pairsOf(titles, results) {
  return titles.flatMap((title) =>
    Object.keys(PEERS)
      .filter((peer) => takes(peer, CASES[title]) && !results.get(title)?.get(peer)?.missing)
      .map((peer) => ({ title, peer })),
  );
}

function measure(peer, title, samples, paths) {
  return runPeer(peer, "measure.mjs", [peer, title, String(samples), JSON.stringify(paths)]);
}

/** Of the peers that have asynchronous calls: `{ milliseconds }` or `{ error }`. */
export function runInFlight(peers, paths) {
  const asked = peers.filter((peer) => takes(peer, { kind: "async" }));
  const results = asked.map((peer) => {
    const { missing, ...result } = runPeer(peer, "in-flight.mjs", [peer, JSON.stringify(paths)]);
    return [peer, missing === undefined ? result : undefined];
  });
  return Object.fromEntries(results.filter(([, result]) => result !== undefined));
}

/** What the process printed, or why there is nothing. */
function runPeer(peer, script, input) {
  const { runtime: name, environment = {} } = PEERS[peer];
  const { command, flags, missing } = runtime(name);
  if (missing !== undefined) return { missing };
  const path = join(benchDirectory, "calls", script);
  const env = { ...process.env, ...environment };
  const options = { encoding: "utf8", env };
  const { status, signal, stdout, stderr } = spawnSync(
    command,
    [...flags, path, ...input],
    options,
  );
  if (status === 0) return JSON.parse(stdout);
  const lines = stderr.trim().split("\n");
  const reason = lines.find((line) => /Error|panic|error:/.test(line)) ?? lines.at(-1);
  return { missing: `ended with ${signal ?? status}: ${reason}` };
}

function note(results, title, peer, { samples, check, missing }) {
  if (!results.has(title)) results.set(title, new Map());
  const peers = results.get(title);
  if (missing !== undefined) peers.set(peer, { missing });
  else peers.set(peer, { check, rounds: [...(peers.get(peer)?.rounds ?? []), samples] });
}

function requireEqual(title, peers) {
  const measured = [...peers].filter(([, { missing }]) => missing === undefined);
  const checks = new Set(measured.map(([, { check }]) => check));
  if (checks.size <= 1) return;
  const list = measured.map(([peer, { check }]) => `${peer} ${check}`).join(", ");
  throw new Error(`the peers disagree on "${title}": ${list}`);
}

function summarise(peers) {
  const inOrder = Object.keys(PEERS).filter((peer) => peers.has(peer));
  return Object.fromEntries(
    inOrder.map((peer) => {
      const { missing, rounds } = peers.get(peer);
      if (missing !== undefined) return [peer, { missing }];
      const all = rounds.flat();
      const figures = rounds.map((samples) => undisturbed(samples));
      const middle = { median: median(all), spread: spread(all) };
      return [peer, { nanoseconds: Math.min(...figures), rounds: figures, ...middle }];
    }),
  );
}
