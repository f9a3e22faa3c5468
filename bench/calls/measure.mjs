// One peer, one case, in a process of its own: prints nanoseconds a call of each loop as JSON.
import { makeLoop } from "./cases.mjs";
import { PEERS } from "./peers.mjs";

const [peer, title, name, library, byHand] = process.argv.slice(2);
const WARM_UP_CALLS = 200_000;
const LOOPS = 9;
const LOOP_NANOSECONDS = 15_000_000;

const target = await PEERS[peer](name, { library, byHand });
const loop = makeLoop(title, target);
for (let round = 0; round < 5; round++) loop(WARM_UP_CALLS / 5);

const once = time(() => loop(10_000)) / 10_000;
const calls = Math.max(1000, Math.round(LOOP_NANOSECONDS / once));
const samples = [];
let sum = 0;
for (let index = 0; index < LOOPS; index++) {
  samples.push(time(() => (sum = loop(calls))) / calls);
}
console.log(JSON.stringify({ samples, check: sum / calls }));

function time(run) {
  const start = process.hrtime.bigint();
  run();
  return Number(process.hrtime.bigint() - start);
}
