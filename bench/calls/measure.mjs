// One peer, one case, in a process of its own, on whichever runtime: prints what it measured as
// JSON. Arguments: peer, case, how many samples, and the paths.
import process from "node:process";
import { CASES } from "./cases.mjs";
import { callLoop, mapByCalls, mapLoop } from "./loops.mjs";
import { PEERS } from "./peers.mjs";

const [peer, title, count, paths] = process.argv.slice(2);
/** Shorter than a time slice: another process that takes its turn spoils few samples. */
const SAMPLE_MS = 1.5;
/** Until here the compilers of all runtimes have done their work, on a busy machine too. */
const WARM_UP_MS = 250;
/** The same for all peers, whose sums must be equal. */
const CHECKED_CALLS = 7;

console.log(JSON.stringify(await run()));

async function run() {
  const asked = CASES[title];
  const { open } = await import(`./peers/${PEERS[peer].module}`);
  const opened = await open(JSON.parse(paths));
  const missing = missingFrom(opened, asked);
  if (missing !== undefined) return { missing };
  const loop = makeLoop(opened, asked);
  const check = await loop(CHECKED_CALLS);
  const callsEach = asked.callsEach ?? 1;
  const calls = await warmUp(loop);
  const samples = [];
  for (let index = 0; index < Number(count); index++) {
    samples.push(((await time(loop, calls)) * 1e6) / (calls * callsEach));
  }
  return { samples, check };
}

function missingFrom(opened, asked) {
  if (asked.kind === "async" && opened.asyncLoop === undefined) return "no asynchronous calls";
  return opened.missing?.(asked.function);
}

function makeLoop(opened, asked) {
  if (asked.kind === "async") return opened.asyncLoop(asked.function, asked.callsEach);
  if (asked.kind === "map") {
    const values = asked.values(opened);
    return mapLoop(values, opened.map?.(asked.function) ?? mapByCalls(opened.call(asked.function)));
  }
  const adapted = opened.adapted?.(asked.function) ?? {};
  const values = { ...adapted.values, ...asked.values(opened), ...ownMemory(adapted, asked) };
  return callLoop({ ...asked, ...adapted }, opened.call(asked.function), values);
}

/** What the peer makes itself takes the place of the case's, but for what grows. */
function ownMemory({ values = {} }, { sweep }) {
  return sweep === undefined ? values : {};
}

/** Runs the loop until it is compiled; gives how many calls a sample takes. */
async function warmUp(loop) {
  const end = performance.now() + WARM_UP_MS;
  let calls = 1;
  do {
    const took = await time(loop, calls);
    if (took < SAMPLE_MS / 2) calls *= 2;
    else calls = Math.max(1, Math.round((calls * SAMPLE_MS) / took));
  } while (performance.now() < end);
  return calls;
}

async function time(loop, calls) {
  const start = performance.now();
  await loop(calls);
  return performance.now() - start;
}
