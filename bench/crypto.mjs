// How fast are hashing, signing and verifying, beside what else there is? Hashes: a process per
// peer, in shuffled rounds. Signatures: in turns with node:crypto in one process. Each result is
// used. And how late is the event loop while the asynchronous forms work?
//   node bench/crypto.mjs [--json] [--quick] [--hashes | --signatures | --delays]
// Build first: npm run build.
import { parseArgs } from "node:util";
import { versions } from "./calls/runtimes.mjs";
import { measureDelays, printDelays } from "./crypto/delays.mjs";
import { measureFile, printFile } from "./crypto/hash-file.mjs";
import { measureMany, printMany } from "./crypto/hash-many.mjs";
import { measureSizes, printSizes } from "./crypto/hash-sizes.mjs";
import { measureSignatures, printSignatures } from "./crypto/signatures.mjs";
import { installPeers } from "./support/build.mjs";
import { machine, table } from "./support/report.mjs";

const { values: options } = parseArgs({
  options: {
    json: { type: "boolean" },
    quick: { type: "boolean", default: false },
    hashes: { type: "boolean" },
    signatures: { type: "boolean" },
    delays: { type: "boolean" },
  },
});
const isQuick = options.quick;
const effort = { rounds: isQuick ? 1 : 5, sampleMs: isQuick ? 5 : 20, isQuick };

/** Without one of the three all are measured. */
const isAll = !(options.hashes || options.signatures || options.delays);
const parts = {};
if (isAll || options.hashes) {
  installPeers();
  parts.sizes = measureSizes(effort);
  parts.many = measureMany(effort);
  parts.file = await measureFile(effort);
}
if (isAll || options.signatures) parts.signatures = measureSignatures(effort);
if (isAll || options.delays) parts.delays = measureDelays(effort);

if (options.json) {
  const { openssl } = process.versions;
  const context = { machine: machine(), openssl, runtimes: versions(), ...effort };
  console.log(JSON.stringify({ ...context, ...parts }, null, 2));
} else {
  const { cpu, cores, node, platform } = machine();
  console.log(
    `The fastest tenth of the samples. ${cpu}, ${cores} cores, ${platform}, Node ${node},`,
  );
  console.log(`OpenSSL ${process.versions.openssl}; ${Object.values(versions()).join(", ")}`);
  const print = {
    sizes: printSizes,
    many: printMany,
    file: printFile,
    signatures: printSignatures,
    delays: printDelays,
  };
  for (const [name, part] of Object.entries(parts)) {
    console.log("");
    print[name](part);
  }
  const budgets = Object.values(parts).flatMap((part) => part.budgets ?? []);
  const rows = budgets.map(({ what, measured, ratio, met }) => [
    what,
    measured.toFixed(2),
    ratio.toFixed(2),
    met ? "met" : "MISSED",
  ]);
  if (rows.length > 0) console.log(`\n${table([["budget", "measured", "at most", ""], ...rows])}`);
}
