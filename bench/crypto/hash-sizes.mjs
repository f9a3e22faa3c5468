// How long does SHA-256 take, by the size of the input, beside the peers?
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { runtime } from "../calls/runtimes.mjs";
import { benchDirectory } from "../support/build.mjs";
import { shuffled, spread, table, undisturbed } from "../support/report.mjs";
import { HASH_PEERS } from "./hash-peers.mjs";

const KiB = 1024;
const SIZES = [0, 13, 64, 256, KiB, 4 * KiB, 16 * KiB, 64 * KiB, KiB * KiB, 16 * KiB * KiB].concat(
  64 * KiB * KiB,
);

/** The budgets: `peer` at most `ratio` times `of`, for sizes from `least` to `most`. */
const BUDGETS = [
  { peer: "nearfar hash", of: "crypto.hash", least: 13, most: 64, ratio: 0.65 },
  { peer: "nearfar hash, buffer", of: "crypto.hash, buffer", least: 13, most: 64, ratio: 0.35 },
  { peer: "nearfar hashInto", of: "crypto.hash", least: 13, most: 64, ratio: 0.5 },
  { peer: "nearfar hash", of: "crypto.hash", least: KiB * KiB, most: KiB * KiB, ratio: 1.02 },
];

export function measureSizes({ rounds, sampleMs, isQuick }) {
  const sizes = isQuick ? SIZES.filter((size) => size <= KiB * KiB) : SIZES;
  const peers = Object.keys(HASH_PEERS).filter((peer) => !missing(peer));
  const samples = new Map();
  const digests = new Map();
  for (let round = 0; round < rounds; round++) {
    for (const peer of shuffled(peers)) {
      for (const [size, result] of Object.entries(run(peer, sizes, sampleMs))) {
        const key = `${peer}|${size}`;
        samples.set(key, [...(samples.get(key) ?? []), ...result.samples]);
        const known = digests.get(size) ?? result.digest;
        if (known !== result.digest) throw new Error(`${peer} disagrees on ${size} bytes`);
        digests.set(size, known);
      }
    }
  }
  const results = peers.map((peer) => ({
    peer,
    bySize: sizes.map((size) => {
      const values = samples.get(`${peer}|${size}`);
      return { size, nanoseconds: undisturbed(values), spread: spread(values) };
    }),
  }));
  const absent = Object.keys(HASH_PEERS).filter(missing);
  return { results, absent, budgets: BUDGETS.flatMap((budget) => judge(budget, results)) };
}

function missing(peer) {
  return runtime(HASH_PEERS[peer].runtime).missing;
}

function run(peer, sizes, sampleMs) {
  const { command, flags } = runtime(HASH_PEERS[peer].runtime);
  const script = join(benchDirectory, "crypto", "hash-measure.mjs");
  const args = [...flags, script, peer, String(sampleMs), ...sizes.map(String)];
  const options = { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] };
  return JSON.parse(execFileSync(command, args, options));
}

function judge({ peer, of, least, most, ratio }, results) {
  const at = (name, size) =>
    results.find((result) => result.peer === name).bySize.find((entry) => entry.size === size);
  return results[0].bySize
    .filter(({ size }) => size >= least && size <= most)
    .map(({ size }) => {
      const measured = at(peer, size).nanoseconds / at(of, size).nanoseconds;
      return { what: `${peer} / ${of}, ${size} bytes`, measured, ratio, met: measured <= ratio };
    });
}

export function printSizes({ results, absent }) {
  const head = results[0].bySize.map(({ size }) => sizeName(size));
  const rows = results.map(({ peer, bySize }) => [
    peer,
    ...bySize.map(({ nanoseconds }) => duration(nanoseconds)),
  ]);
  console.log(table([["SHA-256, nanoseconds", ...head], ...rows]));
  for (const peer of absent) console.log(`left out: ${peer} (${missing(peer)})`);
}

function sizeName(size) {
  if (size < KiB) return `${size} B`;
  return size < KiB * KiB ? `${size / KiB} KiB` : `${size / KiB / KiB} MiB`;
}

function duration(nanoseconds) {
  return nanoseconds < 1e6 ? nanoseconds.toFixed(0) : `${(nanoseconds / 1e6).toFixed(2)} ms`;
}
