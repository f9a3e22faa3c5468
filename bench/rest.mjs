// What does nearfar cost before and between calls? Imports, the first call, 10,000 functions at
// rest, the start of the command, a client; beside koffi where koffi has the like.
//
//   node bench/rest.mjs [--quick] [--json]
//
// --quick   one round, 1,000 functions: to see that everything works
// --json    everything measured
import { join } from "node:path";
import { parseArgs } from "node:util";
import { compileLibrary, SIGNATURES } from "./rest/library.mjs";
import { PEERS } from "./rest/peers.mjs";
import { measure } from "./rest/run.mjs";
import { benchDirectory, installPeers, writeSource } from "./support/build.mjs";
import { machine, table } from "./support/report.mjs";

const { values: options } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
  },
});
const rounds = options.quick ? 1 : 21;
const count = options.quick ? 1_000 : 10_000;
const peers = Object.keys(PEERS);
const dist = join(benchDirectory, "..", "dist");

installPeers();
const library = compileLibrary(count);
const byPeer = (args) => Object.fromEntries(peers.map((peer) => [peer, args(peer)]));
const report = {
  machine: machine(),
  rounds,
  imports: measure(imports(), rounds),
  firstCalls: measure(
    byPeer((peer) => ["rest/first-call.mjs", peer, library]),
    rounds,
  ),
  functions: measure(
    byPeer((peer) => ["rest/functions.mjs", peer, library, String(count)]),
    Math.ceil(rounds / 4),
    ["--expose-gc"],
  ),
  commands: measure(commands(), Math.ceil(rounds / 2)),
  clients: measure(clients(), rounds),
};
console.log(options.json ? JSON.stringify(report, null, 2) : text(report));

function imports() {
  const own = ["ffi", "crypto", "services", "server"].map((name) => [
    `nearfar/${name}`,
    join(dist, name, "index.js"),
  ]);
  const specifiers = {
    "an empty module": writeSource("empty.mjs", ""),
    ...Object.fromEntries(own),
    nearfar: join(dist, "index.js"),
    koffi: "koffi",
  };
  return Object.fromEntries(
    Object.entries(specifiers).map(([title, specifier]) => [title, ["rest/import.mjs", specifier]]),
  );
}

function commands() {
  const main = join(dist, "cli", "main.js");
  return {
    "node --eval 0": ["rest/command.mjs", "--eval", "0"],
    "nearfar --help": ["rest/command.mjs", main, "--help"],
    "nearfar doctor": ["rest/command.mjs", main, "doctor"],
  };
}

/** What 100 methods cost beyond one is theirs; the rest is paid once, by the first client. */
function clients() {
  const ways = ["far", "handler", "native"];
  return Object.fromEntries(
    ways.flatMap((way) =>
      [1, 100].map((methods) => [
        `${methods} ${way}`,
        ["rest/client.mjs", String(methods), way, library],
      ]),
    ),
  );
}

function text({ machine: { cpu, cores, node, platform }, ...measured }) {
  const { imports, firstCalls, functions, commands, clients } = measured;
  return [
    `${cpu}, ${cores} cores, Node ${node}, ${platform}; medians of ${rounds} rounds`,
    section("Importing, milliseconds: elapsed, and of the processor", byRow(imports)),
    section("First steps after the import, microseconds", byColumn(firstCalls)),
    section(`${count} functions of ${SIGNATURES} signatures, each`, byColumn(functions)),
    section("A process from start to end, milliseconds", byRow(commands)),
    section("Clients of a service, milliseconds", byColumn(clients)),
  ].join("\n\n");
}

function section(title, rows) {
  return `${title}\n\n${table(rows)}`;
}

/** A row for each title, a column for each figure. */
function byRow(results) {
  const names = Object.keys(Object.values(results)[0]);
  const rows = Object.entries(results).map(([title, figures]) => [
    title,
    ...names.map((name) => number(figures[name].median)),
  ]);
  return [["", ...names], ...rows];
}

/** A row for each figure, a column for each title. */
function byColumn(results) {
  const titles = Object.keys(results);
  const names = Object.keys(results[titles[0]]);
  const rows = names.map((name) => [
    name,
    ...titles.map((title) => number(results[title][name].median)),
  ]);
  return [["", ...titles], ...rows];
}

function number(value) {
  return value >= 100 ? Math.round(value).toLocaleString("en") : value.toFixed(2);
}
