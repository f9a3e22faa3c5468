// Is hashing, signing and verifying faster than node:crypto? Both do the same work in turns in one
// process, and each result is used. `--json` prints everything. Build first: npm run build.
import nodeCrypto from "node:crypto";
import { backend, generateKeyPair, hash, hashInto, sign, verify } from "../dist/crypto/index.js";
import { machine, median, spread, table } from "./support/report.mjs";

const ROUNDS = 31;
const SLICE_MS = 8;

/** Each case: what nearfar does, what node:crypto does, and the ratio that is aimed at. */
const cases = [...hashCases(), ...signatureCases()];

function hashCases() {
  const sizes = [13, 64, 1024, 1024 * 1024];
  return sizes.flatMap((size) => {
    const text = "Hello, World! ".repeat(size).slice(0, size);
    const bytes = Buffer.from(text);
    const out = new Uint8Array(32);
    const budget = (small) => (size <= 64 ? small : size > 1024 ? 1.02 : undefined);
    const hex = () => nodeCrypto.hash("sha256", bytes, "hex").length;
    const title = `SHA-256 of ${size} bytes`;
    return [
      {
        title: `${title}, hex`,
        budget: budget(0.65),
        near: () => hash("sha256", bytes).length,
        node: hex,
      },
      {
        title: `${title} (a string), hex`,
        budget: budget(0.65),
        near: () => hash("sha256", text).length,
        node: () => nodeCrypto.hash("sha256", text, "hex").length,
      },
      {
        title: `${title}, buffer`,
        budget: budget(0.35),
        near: () => hash("sha256", bytes, "buffer").length,
        node: () => nodeCrypto.hash("sha256", bytes, "buffer").length,
      },
      {
        title: `${title}, hashInto against hex`,
        budget: budget(0.5),
        near: () => hashInto("sha256", bytes, out) + out[0],
        node: hex,
      },
      {
        title: `${title}, hex against createHash`,
        near: () => hash("sha256", bytes).length,
        node: () => nodeCrypto.createHash("sha256").update(bytes).digest("hex").length,
      },
    ];
  });
}

function signatureCases() {
  const message = Buffer.from("Hello, World!");
  return ["ed25519", "p256", "secp256k1"].flatMap((algorithm) => {
    const { privateKey, publicKey } = generateKeyPair(algorithm);
    const digest = algorithm === "ed25519" ? null : "sha256";
    const [privateObject, publicObject] = [privateKey.toKeyObject(), publicKey.toKeyObject()];
    const privatePem = privateObject.export({ format: "pem", type: "pkcs8" });
    const publicPem = publicObject.export({ format: "pem", type: "spki" });
    const signature = nodeCrypto.sign(digest, message, privateObject);
    const signWith = (key) => () => sign(key, message).length;
    const verifyWith = (key) => () => Number(verify(key, message, signature));
    const nodeSign = (key) => () => nodeCrypto.sign(digest, message, key).length;
    const nodeVerify = (key) => () => Number(nodeCrypto.verify(digest, message, key, signature));
    return [
      {
        title: `${algorithm}, sign`,
        budget: 1,
        near: signWith(privateKey),
        node: nodeSign(privateObject),
      },
      {
        title: `${algorithm}, verify`,
        budget: 1,
        near: verifyWith(publicKey),
        node: nodeVerify(publicObject),
      },
      {
        title: `${algorithm}, sign with PEM`,
        budget: 1 / 3,
        near: signWith(privatePem),
        node: nodeSign(privatePem),
      },
      {
        title: `${algorithm}, verify with PEM`,
        budget: 1 / 3,
        near: verifyWith(publicPem),
        node: nodeVerify(publicPem),
      },
    ];
  });
}

let consumed = 0;

/** Nanoseconds a call, over so many calls. */
function time(call, calls) {
  const start = process.hrtime.bigint();
  for (let index = 0; index < calls; index++) consumed += call();
  return Number(process.hrtime.bigint() - start) / calls;
}

function callsFor(call) {
  const estimate = Math.min(time(call, 3), time(call, 3));
  return Math.min(50_000, Math.max(3, Math.round((SLICE_MS * 1e6) / estimate)));
}

function measure({ title, near, node, budget }) {
  const calls = callsFor(node);
  const samples = { near: [], node: [] };
  for (const call of [near, node]) time(call, calls);
  for (let round = 0; round < ROUNDS; round++) {
    // Who goes first alternates, so that neither always runs on a warmer or a hotter core.
    const order = round % 2 === 0 ? ["near", "node"] : ["node", "near"];
    for (const who of order) samples[who].push(time(who === "near" ? near : node, calls));
  }
  const [nearNs, nodeNs] = [median(samples.near), median(samples.node)];
  const within = budget === undefined ? undefined : nearNs / nodeNs <= budget;
  const spreads = { near: spread(samples.near), node: spread(samples.node) };
  return { title, near: nearNs, node: nodeNs, ratio: nearNs / nodeNs, budget, within, spreads };
}

const results = cases.map(measure);
if (consumed <= 0) throw new Error("no result was used");

if (process.argv.includes("--json")) {
  console.log(JSON.stringify({ machine: machine(), backend, rounds: ROUNDS, results }, null, 2));
} else {
  const { cpu, cores, node, platform } = machine();
  console.log(`Nanoseconds a call, median of ${ROUNDS}. ${cpu}, ${cores} cores, Node ${node},`);
  console.log(`OpenSSL ${process.versions.openssl}, ${platform}, backend ${backend}\n`);
  const rows = results.map(({ title, near, node, ratio, budget, within }) => [
    title,
    near.toFixed(0),
    node.toFixed(0),
    ratio.toFixed(2),
    budget === undefined ? "" : `${within ? "within" : "over"} ${budget.toFixed(2)}`,
  ]);
  console.log(table([["", "nearfar", "node:crypto", "ratio", "budget"], ...rows]));
}
