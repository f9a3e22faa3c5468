// Is signing and verifying faster than node:crypto? Both do the same work in turns in one process.
import nodeCrypto from "node:crypto";
import { generateKeyPair, sign, verify } from "../../dist/crypto/index.js";
import { median, spread, table } from "../support/report.mjs";

const ROUNDS = 31;
const SLICE_MS = 8;

export function measureSignatures() {
  const results = signatureCases().map(measure);
  if (consumed <= 0) throw new Error("no result was used");
  return { rounds: ROUNDS, results };
}

export function printSignatures({ results }) {
  const rows = results.map(({ title, near, node, ratio, budget, within }) => [
    title,
    near.toFixed(0),
    node.toFixed(0),
    ratio.toFixed(2),
    budget === undefined ? "" : `${within ? "within" : "over"} ${budget.toFixed(2)}`,
  ]);
  console.log(table([["nanoseconds", "nearfar", "node:crypto", "ratio", "budget"], ...rows]));
}

/** Each case: what nearfar does, what node:crypto does, and the ratio that is aimed at. */
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
