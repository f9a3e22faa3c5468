// Worker threads that are terminated in the middle of everything, a few at a time. The process goes
// on, no thread of C waits for ever, and none of ours is left.
import { readdirSync } from "node:fs";
import { Worker } from "node:worker_threads";
import { expectSame, openCalls, openThreads, task, turn, until } from "./support.mjs";

const AT_ONCE = 4;
const script = new URL("./worker.mjs", import.meta.url);
const c = openCalls();
const t = openThreads();
/** How many workers are about to end: while there are any, the gate stays open. */
let ending = 0;
const moments = ["call", "callback", "async", "map", "threads", "queued", "exit", "handover"];

// Its own threads, the pool's and V8's are there after the first round.
await round(moments.length);
const threads = countThreads();
await round(task.workers - moments.length);
await until(() => t.runningThreads() === 0);
expectSame(
  c.call((x) => x + 1, 1),
  2,
  "a callback's result afterwards",
);
expectSame(await c.call.async((x) => x + 1, 1), 2, "an asynchronous one");
const left = countThreads() - threads;
if (left > 0) throw new Error(`${left} threads more than after the first workers`);
console.log(`workers: ${task.workers} terminated in ${moments.join(", ")}`);

async function round(count) {
  let next = 0;
  const runOne = async () => {
    while (next < count) await terminate(moments[next++ % moments.length], next);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, runOne));
}

/** Terminates a worker as soon as it says that it is in the middle, and some turns later. */
async function terminate(moment, index) {
  const worker = new Worker(script, { workerData: { task, moment }, argv: [process.argv[2]] });
  const ended = new Promise((resolve) => worker.once("exit", resolve));
  await new Promise((resolve, reject) => {
    worker.once("message", resolve);
    worker.once("error", reject);
    worker.once("exit", resolve);
  });
  for (let turns = index % 5; turns > 0; turns--) await turn();
  const terminated = worker.terminate();
  // Calls that have begun are waited for: the gate of those that wait behind it is opened here.
  ending++;
  t.setGate(1);
  await terminated;
  await ended;
  if (--ending === 0) t.setGate(0);
}

function countThreads() {
  return process.platform === "linux" ? readdirSync("/proc/self/task").length : 0;
}
