// Run as `node --expose-gc functions.mjs <peer> <library> <count>`: prints what it takes to resolve
// so many functions, and to call each of them once, per function: microseconds and bytes.
import { functionAt } from "./library.mjs";
import { PEERS } from "./peers.mjs";

const [, , peer, path, count] = process.argv;
const open = await PEERS[peer](path);
const wanted = Array.from({ length: Number(count) }, (_, index) => functionAt(index));
const resolve = open();
// So that what all functions share is not counted as theirs.
wanted[0].values.length === 0 ? resolve(wanted[0])() : fail("function 0 takes arguments");

const functions = [];
const atRest = memory();
const resolving = time(() => {
  for (const each of wanted) functions.push(resolve(each));
});
const resolved = memory();
let sum = 0;
const calling = time(() => {
  for (const [index, call] of functions.entries()) sum += Number(call(...wanted[index].values));
});
const called = memory();
const expected = wanted.reduce((total, { values }) => total + values.length, 0);
if (sum !== expected) fail(`the functions returned ${sum}, not ${expected}`);

const each = (total) => total / wanted.length;
console.log(
  JSON.stringify({
    resolveMicroseconds: each(resolving),
    firstCallMicroseconds: each(calling),
    resolvedBytes: each(resolved.process - atRest.process),
    resolvedHeapBytes: each(resolved.heap - atRest.heap),
    calledBytes: each(called.process - atRest.process),
  }),
);

/** Of the process in all, and of V8's heap alone. */
function memory() {
  for (let round = 0; round < 3; round++) globalThis.gc();
  const { rss, heapUsed } = process.memoryUsage();
  return { process: rss, heap: heapUsed };
}

/** Microseconds. */
function time(run) {
  const start = process.hrtime.bigint();
  run();
  return Number(process.hrtime.bigint() - start) / 1e3;
}

function fail(message) {
  throw new Error(message);
}
