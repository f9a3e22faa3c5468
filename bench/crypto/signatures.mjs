// Is signing and verifying faster than node:crypto, with key objects and with a PEM in each call,
// and how do sodium-native and @noble/curves stand beside them? All do the same work in turns in
// one process, and each result is used.
import nodeCrypto from "node:crypto";
import { generateKeyPair, sign, verify, verifyMany } from "../../dist/crypto/index.js";
import { median, spread, table, undisturbed } from "../support/report.mjs";
import { signaturePeers } from "./signature-peers.mjs";

const SLICE_MS = 8;
const MANY = 4000;
const message = Buffer.from("Hello, World!");

const DIGESTS = {
  ed25519: null,
  ed448: null,
  p256: "sha256",
  p384: "sha384",
  p521: "sha512",
  secp256k1: "sha256",
  rsa: "sha256",
  "rsa-pss": "sha256",
};

export function measureSignatures({ isQuick }) {
  const rounds = isQuick ? 9 : 31;
  const results = Object.keys(DIGESTS)
    .flatMap(casesOf)
    .map((each) => measure(each, rounds));
  const many = ["ed25519", "p256"].map(measureMany);
  if (consumed <= 0) throw new Error("no result was used");
  return { rounds, results, many };
}

export function printSignatures({ rounds, results, many }) {
  const names = ["sodium-native", "@noble/curves"];
  const us = (value) => (value === undefined ? "" : (value / 1000).toFixed(1));
  const rows = results.map(({ title, times, ratio, budget, within }) => [
    title,
    us(times.near),
    us(times.node),
    ratio.toFixed(2),
    `${within ? "within" : "over"} ${budget.toFixed(2)}`,
    ...names.map((name) => us(times[name])),
  ]);
  console.log(`Microseconds a signature, the fastest tenth of ${rounds} samples.`);
  console.log(table([["", "nearfar", "node:crypto", "ratio", "budget", ...names], ...rows]));
  for (const { title, loop, many: all, times } of many) {
    console.log(
      `${title}: ${loop.toFixed(0)} ms in a loop, ${all.toFixed(0)} by verifyMany, x ${times.toFixed(2)}`,
    );
  }
}

let consumed = 0;

/** Nanoseconds a call, over so many calls. */
function time(call, calls) {
  const start = process.hrtime.bigint();
  for (let index = 0; index < calls; index++) consumed += call();
  return Number(process.hrtime.bigint() - start) / calls;
}

/** The ways to sign and to verify with one algorithm, by who does it. */
function casesOf(algorithm) {
  const isRsa = algorithm.startsWith("rsa");
  const { privateKey, publicKey } = generateKeyPair(
    algorithm,
    isRsa ? { modulusLength: 2048 } : {},
  );
  const digest = DIGESTS[algorithm];
  const salt = algorithm === "rsa-pss" ? { saltLength: 32 } : {};
  const pem = {
    private: privateKey.export({ format: "pem" }),
    public: publicKey.export({ format: "pem" }),
  };
  const object = { private: privateKey.toKeyObject(), public: publicKey.toKeyObject() };
  const signature = sign(privateKey, message);
  const nodeSign = (key) => () => nodeCrypto.sign(digest, message, { key, ...salt }).length;
  const nodeVerify = (key) => () =>
    Number(nodeCrypto.verify(digest, message, { key, ...salt }, signature));
  const peers = signaturePeers(algorithm, privateKey, publicKey, message);
  return [
    {
      title: `${algorithm}, sign`,
      budget: 1,
      near: () => sign(privateKey, message).length,
      node: nodeSign(object.private),
      peers: peers.map(({ name, sign: call }) => ({ name, call })),
    },
    {
      title: `${algorithm}, verify`,
      budget: 1,
      near: () => Number(verify(publicKey, message, signature)),
      node: nodeVerify(object.public),
      peers: peers.map(({ name, verify: call }) => ({ name, call })),
    },
    {
      title: `${algorithm}, sign with PEM`,
      budget: 1 / 3,
      near: () => sign(pem.private, message).length,
      node: nodeSign(pem.private),
      peers: [],
    },
    {
      title: `${algorithm}, verify with PEM`,
      budget: 1 / 3,
      near: () => Number(verify(pem.public, message, signature)),
      node: nodeVerify(pem.public),
      peers: [],
    },
  ];
}

function measure({ title, near, node, peers, budget }, rounds) {
  const runs = [{ name: "near", call: near }, { name: "node", call: node }, ...peers].map((run) => {
    const estimate = Math.min(time(run.call, 2), time(run.call, 2));
    const calls = Math.min(50_000, Math.max(1, Math.round((SLICE_MS * 1e6) / estimate)));
    return { ...run, calls, samples: [] };
  });
  for (let round = 0; round < rounds; round++) {
    // Who goes first changes, so that nobody always runs on a warmer or a hotter core.
    const order = round % 2 === 0 ? runs : [...runs].reverse();
    for (const run of order) run.samples.push(time(run.call, run.calls));
  }
  const times = Object.fromEntries(runs.map(({ name, samples }) => [name, undisturbed(samples)]));
  const ratio = times.near / times.node;
  return {
    title,
    times,
    ratio,
    budget,
    within: ratio <= budget,
    spread: spread(runs[0].samples),
  };
}

/** verifyMany against a loop of verify, which is one thread's work; milliseconds. */
function measureMany(algorithm) {
  const { privateKey, publicKey } = generateKeyPair(algorithm);
  const inputs = Array.from({ length: MANY }, (_, index) => Buffer.from(`message ${index}`));
  const signatures = inputs.map((input) => sign(privateKey, input));
  const loop = () => inputs.map((input, index) => verify(publicKey, input, signatures[index]));
  const many = () => verifyMany(publicKey, inputs, signatures);
  const samples = { loop: [], many: [] };
  for (let round = 0; round < 7; round++) {
    for (const [name, call] of [
      ["loop", loop],
      ["many", many],
    ]) {
      const start = performance.now();
      consumed += call().filter(Boolean).length;
      samples[name].push(performance.now() - start);
    }
  }
  const [one, all] = [median(samples.loop), median(samples.many)];
  return { title: `${algorithm}, ${MANY} verified`, loop: one, many: all, times: one / all };
}
