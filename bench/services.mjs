// What does a call of a service cost over HTTP, beside a bare request, fetch, a bare Fastify
// server, tRPC, Connect and gRPC? One client, one server, each a process of its own; the same call.
//
//   node bench/services.mjs [--rounds N] [--quick] [--json] [peer...]
//
// --rounds  default 7
// --quick   one round of few calls: to see that everything works
// --json    everything measured
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { parseArgs, promisify } from "node:util";
import { benchDirectory, installPeers } from "./support/build.mjs";
import { machine, median, shuffled, spread, table } from "./support/report.mjs";

const TITLES = {
  nearfar: "nearfar, both sides",
  undici: "bare undici to nearfar",
  fetch: "fetch to nearfar",
  fastify: "bare undici to bare Fastify",
  trpc: "tRPC",
  connect: "Connect, HTTP/2",
  grpc: "gRPC, grpc-js",
};

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: "string", default: "7" },
    quick: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
  },
});
const rounds = options.quick ? 1 : Number(options.rounds);
const calls = options.quick ? 200 : 1_000;
const peers = positionals.length > 0 ? positionals : Object.keys(TITLES);

installPeers();
const samples = Object.fromEntries(peers.map((peer) => [peer, []]));
for (let round = 0; round < rounds; round++) {
  for (const peer of shuffled(peers)) samples[peer].push(await measure(peer));
}
const report = { machine: machine(), rounds, calls, results: summary() };
console.log(options.json ? JSON.stringify(report, null, 2) : text(report));

async function measure(peer) {
  const script = (name) => join(benchDirectory, "services", `${name}.mjs`);
  const server = spawn(process.execPath, [script("server"), peer], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    const [address] = await once(server.stdout.setEncoding("utf8"), "data");
    const args = [script("client"), peer, address.trim(), String(calls)];
    const { stdout } = await promisify(execFile)(process.execPath, args);
    return JSON.parse(stdout);
  } finally {
    server.kill();
    await once(server, "close");
  }
}

function summary() {
  return Object.fromEntries(
    Object.entries(samples).map(([peer, rows]) => [
      peer,
      Object.fromEntries(
        Object.keys(rows[0]).map((name) => {
          const values = rows.map((row) => row[name]);
          return [
            name,
            { median: median(values), best: Math.min(...values), spread: spread(values) },
          ];
        }),
      ),
    ]),
  );
}

function text({ machine: { cpu, cores, node, platform }, results }) {
  const names = Object.keys(Object.values(results)[0]);
  const rows = Object.entries(results).map(([peer, figures]) => [
    TITLES[peer],
    ...names.map((name) => (name in figures ? cell(figures[name]) : "")),
  ]);
  return [
    `${cpu}, ${cores} cores, Node ${node}, ${platform}; ${rounds} rounds of ${calls} calls`,
    "Microseconds, of streams milliseconds: the median of the rounds, and the best of them\n",
    table([["", ...names], ...rows]),
  ].join("\n");
}

function cell({ median: middle, best }) {
  return `${number(middle)} (${number(best)})`;
}

function number(value) {
  return value >= 100 ? Math.round(value).toLocaleString("en") : value.toFixed(1);
}
