// How fast are hashing, signing and verifying, beside what else there is? Hashes: a process per peer,
// in shuffled rounds. Signatures: in turns with node:crypto in one process. Each result is used.
//   node bench/crypto.mjs [--json] [--quick] [--hashes | --signatures]
// Build first: npm run build.
import { parseArgs } from "node:util";
import { versions } from "./calls/runtimes.mjs";
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
  },
});
const isQuick = options.quick;
const effort = { rounds: isQuick ? 1 : 5, sampleMs: isQuick ? 5 : 20, isQuick };

const parts = {};
if (!options.signatures) {
  installPeers();
  parts.sizes = measureSizes(effort);
  parts.many = measureMany(effort);
  parts.file = await measureFile(effort);
}
if (!options.hashes) parts.signatures = await measureSignatures(effort);

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
