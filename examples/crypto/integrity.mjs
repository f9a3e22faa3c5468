// Subresource Integrity: the attribute that a page gives a script, and the check of a download.
//   node examples/crypto/integrity.mjs FILE...
import { timingSafeEqual } from "node:crypto";
import { readFile } from "node:fs/promises";
import { hash, hashFile } from "nearfar/crypto";

const ALGORITHMS = ["sha512", "sha384", "sha256"]; // the strongest first

async function integrityOf(path, algorithm = "sha384") {
  return `${algorithm}-${await hashFile(algorithm, path, "base64")}`;
}

/**
 * Whether some of the strongest hashes of `integrity` is that of `data` (W3C SRI, section 3.3.4).
 */
function matches(data, integrity) {
  const hashes = integrity.split(/\s+/).map((entry) => entry.split("-"));
  const strongest = ALGORITHMS.find((name) => hashes.some(([algorithm]) => algorithm === name));
  if (strongest === undefined) return true; // nothing that is known asks for anything
  const digest = hash(strongest, data, "buffer");
  return hashes
    .filter(([algorithm]) => algorithm === strongest)
    .map(([, base64 = ""]) => Buffer.from(base64, "base64"))
    .some((expected) => expected.length === digest.length && timingSafeEqual(expected, digest));
}

for (const path of process.argv.slice(2)) {
  const integrity = await integrityOf(path);
  const data = await readFile(path);
  console.log(integrity, matches(data, integrity), matches(`${data}!`, integrity));
}
