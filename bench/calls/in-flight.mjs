// 100,000 asynchronous calls at once, in a process of its own: `in-flight.mjs peer paths` prints
// the time or the error.
import process from "node:process";
import { PEERS } from "./peers.mjs";

const [peer, paths] = process.argv.slice(2);
const CALLS = 100_000;

console.log(JSON.stringify(await run()));

async function run() {
  const { open } = await import(`./peers/${PEERS[peer].module}`);
  const { asyncLoop } = await open(JSON.parse(paths));
  if (asyncLoop === undefined) return { missing: "no asynchronous calls" };
  const start = performance.now();
  try {
    await asyncLoop("add_int32", CALLS)(1);
  } catch (error) {
    return { error: error.message };
  }
  return { milliseconds: performance.now() - start };
}
