import nodeCrypto from "node:crypto";
import { describe, expect, it } from "vitest";
import type { KeyAlgorithm, SignOptions } from "../../../src/crypto/index.js";
import { backends, type CryptoModule, errorOf, native, node } from "./backends.js";

const ECDSA = ["p256", "p384", "p521", "secp256k1"] as const;
const HASHES = [
  "sha1",
  "sha224",
  "sha256",
  "sha384",
  "sha512",
  "sha512-224",
  "sha512-256",
  "sha3-224",
  "sha3-256",
  "sha3-384",
  "sha3-512",
] as const;

const ORDER_BYTES = { p256: 32, p384: 48, p521: 66, secp256k1: 32 } as const;
const ORDERS = {
  p256: 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
  p384: 0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n,
  p521: 0x01fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409n,
  secp256k1: 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n,
} as const;

/** node:crypto's keys, which both backends take. */
const keys = new Map(
  ([...ECDSA, "ed25519", "rsa", "rsa-pss"] as const).map((algorithm) => {
    const options = algorithm.startsWith("rsa") ? { modulusLength: 2048 } : {};
    const { privateKey, publicKey } = node.generateKeyPair(algorithm, options);
    return [algorithm as KeyAlgorithm, [privateKey.toKeyObject(), publicKey.toKeyObject()]];
  }),
);

function pairOf(algorithm: KeyAlgorithm): [nodeCrypto.KeyObject, nodeCrypto.KeyObject] {
  return keys.get(algorithm) as [nodeCrypto.KeyObject, nodeCrypto.KeyObject];
}

/** s of a signature in IEEE P1363 form. */
function sOf(signature: Buffer): bigint {
  return BigInt(`0x${signature.subarray(signature.length / 2).toString("hex")}`);
}

/** The same signature with the other s. */
function mirrored(signature: Buffer, order: bigint): Buffer {
  const size = signature.length / 2;
  const s = (order - sOf(signature)).toString(16).padStart(2 * size, "0");
  return Buffer.concat([signature.subarray(0, size), Buffer.from(s, "hex")]);
}

const routes = [
  { title: "native to native", signer: native, verifier: native },
  { title: "native to node", signer: native, verifier: node },
  { title: "node to native", signer: node, verifier: native },
  { title: "node to node", signer: node, verifier: node },
];

describe.each(routes)("signatures with options, $title", ({ signer, verifier }) => {
  it.each(["p256", "rsa", "rsa-pss"] as const)("%s: every hash, and only that one", (algorithm) => {
    const [privateKey, publicKey] = pairOf(algorithm);
    const signatures = HASHES.map((hash) => signer.sign(privateKey, "message", { hash }));
    for (const [index, signature] of signatures.entries()) {
      const accepted = HASHES.filter((hash) =>
        verifier.verify(publicKey, "message", signature, { hash }),
      );
      expect(accepted).toEqual([HASHES[index]]);
    }
  });

  it.each(ECDSA)("%s: both encodings, and neither for the other", (algorithm) => {
    const [privateKey, publicKey] = pairOf(algorithm);
    for (let round = 0; round < 5; round++) {
      for (const lowS of [false, true]) {
        const p1363 = { dsaEncoding: "ieee-p1363", lowS } as const;
        const inR = signer.sign(privateKey, "x", p1363);
        const inDer = signer.sign(privateKey, "x", { lowS });
        expect(inR).toHaveLength(2 * ORDER_BYTES[algorithm]);
        expect(verifier.verify(publicKey, "x", inR, p1363)).toBe(true);
        expect(verifier.verify(publicKey, "x", inDer, { lowS })).toBe(true);
        expect(verifier.verify(publicKey, "x", inR, { lowS })).toBe(false);
        expect(verifier.verify(publicKey, "x", inDer, p1363)).toBe(false);
      }
    }
  });

  it.each(ECDSA)("%s: with lowS, s is the smaller one, and the other is refused", (algorithm) => {
    const [privateKey, publicKey] = pairOf(algorithm);
    const order = ORDERS[algorithm];
    const low = { dsaEncoding: "ieee-p1363", lowS: true } as const;
    const any = { dsaEncoding: "ieee-p1363" } as const;
    for (let round = 0; round < 8; round++) {
      const signature = signer.sign(privateKey, `message ${round}`, low);
      expect(2n * sOf(signature) <= order).toBe(true);
      const other = mirrored(signature, order);
      expect(verifier.verify(publicKey, `message ${round}`, signature, low)).toBe(true);
      expect(verifier.verify(publicKey, `message ${round}`, other, any)).toBe(true);
      expect(verifier.verify(publicKey, `message ${round}`, other, low)).toBe(false);
      const der = signer.sign(privateKey, `message ${round}`, { lowS: true });
      expect(verifier.verify(publicKey, `message ${round}`, der, { lowS: true })).toBe(true);
    }
  });

  it("PSS: the length of the salt is part of the signature, unless it is auto", () => {
    const [privateKey, publicKey] = pairOf("rsa");
    const pss = { padding: "pss" } as const;
    const salts = [0, 20, 32, "digest", "max"] as const;
    for (const saltLength of salts) {
      const signature = signer.sign(privateKey, "x", { ...pss, saltLength });
      const bytes = saltLength === "digest" ? 32 : saltLength === "max" ? 256 - 32 - 2 : saltLength;
      expect(verifier.verify(publicKey, "x", signature, { ...pss, saltLength: "auto" })).toBe(true);
      expect(verifier.verify(publicKey, "x", signature, { ...pss, saltLength: bytes })).toBe(true);
      expect(verifier.verify(publicKey, "x", signature, { ...pss, saltLength: 31 })).toBe(false);
      expect(verifier.verify(publicKey, "x", signature, pss)).toBe(bytes === 32);
      expect(verifier.verify(publicKey, "x", signature)).toBe(false);
    }
  });

  it("an RSA-PSS key with a hash and a salt of its own signs with them", () => {
    const pair = nodeCrypto.generateKeyPairSync("rsa-pss", {
      modulusLength: 2048,
      hashAlgorithm: "sha384",
      mgf1HashAlgorithm: "sha384",
      saltLength: 60 as never, // The types want a string; Node wants a number.
    });
    const signature = signer.sign(pair.privateKey, "x");
    expect(verifier.verify(pair.publicKey, "x", signature)).toBe(true);
    const explicit = { key: pair.publicKey, saltLength: 60 };
    expect(nodeCrypto.verify("sha384", Buffer.from("x"), explicit, signature)).toBe(true);
  });
});

const hostile: [string, (size: number, order: bigint) => Buffer][] = [
  ["r and s of 0", (size) => Buffer.alloc(2 * size)],
  ["r of 0", (size) => Buffer.concat([Buffer.alloc(size), Buffer.alloc(size, 1)])],
  ["s of 0", (size) => Buffer.concat([Buffer.alloc(size, 1), Buffer.alloc(size)])],
  ["r and s of all ones", (size) => Buffer.alloc(2 * size, 0xff)],
  ["r and s of the order", (size, order) => repeated(order, size)],
  ["r and s above the order", (size, order) => repeated(order + 1n, size)],
  ["one byte too few", (size) => Buffer.alloc(2 * size - 1, 1)],
  ["one byte too many", (size) => Buffer.alloc(2 * size + 1, 1)],
  ["nothing", () => Buffer.alloc(0)],
];

function repeated(value: bigint, size: number): Buffer {
  const hex = value.toString(16).padStart(2 * size, "0");
  return Buffer.from(hex + hex, "hex");
}

describe.each(backends)("hostile signatures, $name backend", ({ crypto }) => {
  it.each(hostile)("%s: refused in every encoding", (_, make) => {
    for (const algorithm of ECDSA) {
      const [, publicKey] = pairOf(algorithm);
      const bytes = make(ORDER_BYTES[algorithm], ORDERS[algorithm]);
      for (const dsaEncoding of ["der", "ieee-p1363"] as const) {
        for (const lowS of [false, true]) {
          expect(crypto.verify(publicKey, "x", bytes, { dsaEncoding, lowS })).toBe(false);
        }
      }
    }
  });

  it("memory that two threads share is read as any other", () => {
    const [privateKey, publicKey] = pairOf("p256");
    const shared = new Uint8Array(new SharedArrayBuffer(16)).fill(7);
    const signature = crypto.sign(privateKey, shared);
    const inShared = new Uint8Array(new SharedArrayBuffer(signature.length));
    inShared.set(signature);
    expect(crypto.verify(publicKey, new Uint8Array(16).fill(7), inShared)).toBe(true);
  });
});

const mistakes: [string, (crypto: CryptoModule) => unknown, string][] = [
  [
    "an unknown option",
    (c) => c.sign(pairOf("p256")[0], "x", { lowerS: true } as never),
    'options has no option "lowerS"; known: hash, dsaEncoding, lowS, padding, saltLength',
  ],
  [
    "a hash that is broken",
    (c) => c.sign(pairOf("p256")[0], "x", { hash: "md5" }),
    "options.hash must be one of",
  ],
  [
    "a hash for Ed25519",
    (c) => c.sign(pairOf("ed25519")[0], "x", { hash: "sha256" }),
    "options.hash does not apply to Ed25519 keys",
  ],
  [
    "an encoding for RSA",
    (c) => c.sign(pairOf("rsa")[0], "x", { dsaEncoding: "der" }),
    "options.dsaEncoding does not apply to RSA keys",
  ],
  [
    "an unknown encoding",
    (c) => c.sign(pairOf("p256")[0], "x", { dsaEncoding: "raw" as never }),
    'options.dsaEncoding must be one of "der", "ieee-p1363", got "raw"',
  ],
  [
    "lowS that is a number",
    (c) => c.verify(pairOf("p256")[1], "x", Buffer.alloc(8), { lowS: 1 as never }),
    "options.lowS must be true or false, got 1",
  ],
  [
    "PKCS#1 for an RSA-PSS key",
    (c) => c.sign(pairOf("rsa-pss")[0], "x", { padding: "pkcs1" }),
    'options.padding must be one of "pss", got "pkcs1"',
  ],
  [
    "a salt without PSS",
    (c) => c.sign(pairOf("rsa")[0], "x", { saltLength: 32 }),
    'options.saltLength needs options.padding "pss"',
  ],
  [
    "a salt of -1 bytes",
    (c) => c.sign(pairOf("rsa-pss")[0], "x", { saltLength: -1 }),
    "options.saltLength must be an integer from 0 to 2048, got -1",
  ],
  [
    "a salt of any length to sign",
    (c) => c.sign(pairOf("rsa-pss")[0], "x", { saltLength: "auto" as never }),
    'options.saltLength must be an integer from 0 to 2048, "digest" or "max", got "auto"',
  ],
  [
    "options that are a string",
    (c) => c.sign(pairOf("rsa")[0], "x", "sha256" as never),
    "options must be an object",
  ],
];

describe("options that cannot be", () => {
  it.each(mistakes)("%s", (_, call, words) => {
    const error = errorOf(() => call(native));
    expect(error).toEqual(errorOf(() => call(node)));
    expect(error.name).toBe("TypeError");
    expect(error.message).toContain(words);
  });

  it("a salt that the key has no room for is OpenSSL's to refuse, alike in both backends", () => {
    const options: SignOptions = { saltLength: 1000 };
    const error = errorOf(() => native.sign(pairOf("rsa-pss")[0], "x", options));
    expect(error.code).toBe("ERR_CRYPTO_FAILED");
    expect(error).toEqual(errorOf(() => node.sign(pairOf("rsa-pss")[0], "x", options)));
  });
});
