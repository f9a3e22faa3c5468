// What does it cost to keep a library's crash away from the program? One call of
// `int add(int, int)` in this process, in a helper process, in a worker thread, and in a child
// process of Node with IPC.
//
//   node bench/isolate.mjs [--quick] [--json]
//
// --quick  a few samples: to see that everything works
// --json   everything measured
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { dlopen } from "../dist/ffi/index.js";
import { Isolate } from "../dist/isolate/index.js";
import { openChild, openWorker } from "./isolate/node-peers.mjs";
import { compile } from "./support/build.mjs";
import { figure, markdownTable } from "./support/markdown.mjs";
import { machine, undisturbed } from "./support/report.mjs";

const { values: options } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
  },
});
const SAMPLES = options.quick ? 200 : 10_000;
const MIB = 1024 * 1024;

const path = compile("calls/library.c", "libcalls.so", ["-O3"]);
const FILL = {
  memset: "void *memset(void *to, int value, size_t count)",
};
const ADD = { add_int32: { arguments: ["int32", "int32"], return: "int32" } };

/** Each peer's call, one after the other: microseconds of each. */
const latencies = {
  "in this process": await sample(inProcess()),
  "isolated, .sync": await sample(...isolated("sync")),
  "isolated, promise": await sample(...isolated("promise")),
  "isolated, .sync, socket": await sample(...isolated("sync", "socket")),
  "isolated, promise, socket": await sample(...isolated("promise", "socket")),
  "worker thread": await sample(...(await openWorker(path))),
  "Node child, IPC": await sample(...(await openChild(path))),
};
const report = {
  machine: machine(),
  samples: SAMPLES,
  calls: summary(latencies),
  hundred: await batch(),
  mapped: await rowsByMap(),
  rates: copies("memory"),
  socketRates: copies("socket"),
  ...starts(),
};
console.log(options.json ? JSON.stringify(report, null, 2) : text(report));

function inProcess() {
  const { functions } = dlopen(path, ADD);
  return () => functions.add_int32(40, 2);
}

function isolated(kind, channel = "memory") {
  const { functions, lib } = dlopen(path, ADD, { isolate: { channel } });
  const { add_int32 } = functions;
  const call = kind === "sync" ? () => add_int32.sync(40, 2) : () => add_int32(40, 2);
  return [call, () => lib.close()];
}

async function sample(call, close = () => {}) {
  const times = [];
  const isAsync = call() instanceof Promise;
  for (let count = -SAMPLES / 10; count < SAMPLES; count++) {
    const begin = process.hrtime.bigint();
    const result = isAsync ? await call() : call();
    const microseconds = Number(process.hrtime.bigint() - begin) / 1000;
    if (result !== 42) throw new Error(`expected 42, got ${result}`);
    if (count >= 0) times.push(microseconds);
  }
  await close();
  return times;
}

/** A hundred calls at once: microseconds for all. */
async function batch() {
  const { functions, lib } = dlopen(path, ADD, { isolate: true });
  const times = await sample(async () => {
    const results = await Promise.all(
      Array.from({ length: 100 }, () => functions.add_int32(40, 2)),
    );
    return results[99];
  });
  lib.close();
  return percentiles(times);
}

/** Rows by `map`: microseconds for all, in this process and isolated. */
async function rowsByMap() {
  const of = async (rows, { functions, lib }) => {
    const column = new Int32Array(rows).fill(40);
    const times = await sample(
      () => functions.add_int32.map([column, 2])[rows - 1],
      () => lib.close(),
    );
    return percentiles(times);
  };
  const isolate = true;
  return {
    "100 rows by .map, isolated": await of(100, dlopen(path, ADD, { isolate })),
    "1,000 rows by .map, here": await of(1000, dlopen(path, ADD)),
    "1,000 rows by .map, isolated": await of(1000, dlopen(path, ADD, { isolate })),
  };
}

/** A mebibyte in and out again: gigabytes a second, both ways counted. */
function copies(channel) {
  const isolate = new Isolate({ channel });
  const { functions } = dlopen(null, FILL, { isolate });
  const rate = (bytes) => {
    const times = [];
    for (let count = 0; count < SAMPLES / 20; count++) {
      const begin = performance.now();
      functions.memset.sync(bytes, 1, 1);
      times.push(performance.now() - begin);
    }
    return (2 * MIB) / undisturbed(times) / 1e6;
  };
  const rates = { copied: rate(new Uint8Array(MIB)), shared: rate(isolate.allocate(MIB)) };
  isolate.close();
  return rates;
}

/** Milliseconds from nothing to the first result, and the helper's resident memory then. */
function starts() {
  const times = [];
  let residentMiB = 0;
  for (let count = 0; count < (options.quick ? 3 : 30); count++) {
    const isolate = new Isolate();
    const begin = performance.now();
    isolate.start();
    times.push(performance.now() - begin);
    dlopen(path, ADD, { isolate }).functions.add_int32.sync(40, 2);
    residentMiB = residentOf(isolate.processIds[0]);
    isolate.close();
  }
  return { startMs: undisturbed(times), startMedianMs: percentiles(times).p50, residentMiB };
}

function residentOf(id) {
  const [, kilobytes] = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${id}/status`, "utf8")) ?? [];
  return Number(kilobytes) / 1024;
}

function percentiles(times) {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (part) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))];
  return { undisturbed: undisturbed(times), p50: at(0.5), p99: at(0.99) };
}

function summary(all) {
  return Object.fromEntries(Object.entries(all).map(([name, times]) => [name, percentiles(times)]));
}

function text({
  machine: { cpu, cores, node },
  calls,
  hundred,
  mapped,
  rates,
  socketRates,
  ...start
}) {
  const row = (name, { undisturbed: best, p50, p99 }) => [name, ...[best, p50, p99].map(figure)];
  const rows = Object.entries(calls).map(([name, times]) => row(name, times));
  const maps = Object.entries(mapped).map(([name, times]) => row(name, times));
  const heading = ["", "undisturbed", "p50", "p99"];
  return `${cpu}, ${cores} cores, Node ${node}; microseconds

${markdownTable([heading, ...rows, row("100 isolated calls at once", hundred), ...maps])}

1 MiB in and out: ${figure(rates.copied)} GB/s copied, ${figure(rates.shared)} GB/s shared, ${figure(socketRates.copied)} GB/s over the socket
start of a helper: ${figure(start.startMs)} ms undisturbed, ${figure(start.startMedianMs)} ms median
its resident memory: ${figure(start.residentMiB)} MiB`;
}
