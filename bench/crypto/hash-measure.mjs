// One peer in a process of its own, on any runtime: for each size the nanoseconds a hash of each
// sample, as JSON, and the digest, which must be the same for all.
//   node hash-measure.mjs PEER SAMPLE_MS SIZE...
import process from "node:process";
import { HASH_PEERS } from "./hash-peers.mjs";

const [peer, sampleMs, ...sizes] = process.argv.slice(2);
const SAMPLES = 5;

const hash = await HASH_PEERS[peer].load();
const results = {};
for (const size of sizes.map(Number)) results[size] = measure(size);
console.log(JSON.stringify(results));

function measure(size) {
  const data = new Uint8Array(size).map((_, index) => index * 31);
  const once = Math.max(1e-5, Math.min(time(data, 3), time(data, 3)));
  // Not less than the slowest clock can tell, not more than a large input needs.
  const calls = Math.max(1, Math.round(Number(sampleMs) / once));
  time(data, calls);
  const samples = Array.from({ length: SAMPLES }, () => time(data, calls) * 1e6);
  const digest = hash(data);
  return { samples, digest: typeof digest === "string" ? digest : digest.toString("hex") };
}

/** Milliseconds a call. Each digest is used. */
function time(data, calls) {
  let used = 0;
  const start = performance.now();
  for (let index = 0; index < calls; index++) used += hash(data).length;
  const taken = performance.now() - start;
  if (used < calls) throw new Error("no digest was made");
  return taken / calls;
}
