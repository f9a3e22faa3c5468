import nodeCrypto from "node:crypto";
import { describe, expect, it } from "vitest";
import type { KeyAlgorithm, KeyPair } from "../../../src/crypto/index.js";
import { backends, type CryptoModule, detached, errorOf, native, node } from "./backends.js";

const DIGESTS = {
  ed25519: null,
  ed448: null,
  p256: "sha256",
  p384: "sha384",
  p521: "sha512",
  secp256k1: "sha256",
  rsa: "sha256",
  "rsa-pss": "sha256",
} as const satisfies Record<KeyAlgorithm, string | null>;

const ALGORITHMS = Object.keys(DIGESTS) as KeyAlgorithm[];

/** RSA keys of 2048 bits: longer ones take long to find. */
function pairFor(crypto: CryptoModule, algorithm: KeyAlgorithm): KeyPair {
  const isRsa = algorithm === "rsa" || algorithm === "rsa-pss";
  return crypto.generateKeyPair(algorithm, isRsa ? { modulusLength: 2048 } : {});
}

const message = Buffer.from("The quick brown fox 😀");

/** node:crypto's own signatures, the judge of ours. PSS has a salt as long as the hash. */
const judge = {
  key: (algorithm: KeyAlgorithm, key: nodeCrypto.KeyObject) =>
    algorithm === "rsa-pss" ? { key, saltLength: 32 } : { key },
  sign: (algorithm: KeyAlgorithm, key: nodeCrypto.KeyObject) =>
    nodeCrypto.sign(DIGESTS[algorithm], message, judge.key(algorithm, key)),
  verify: (algorithm: KeyAlgorithm, key: nodeCrypto.KeyObject, signature: Uint8Array) =>
    nodeCrypto.verify(DIGESTS[algorithm], message, judge.key(algorithm, key), signature),
};

describe.each(backends)("signatures, $name backend", ({ crypto }) => {
  describe.each(ALGORITHMS)("%s", (algorithm) => {
    const { privateKey, publicKey } = pairFor(crypto, algorithm);
    const keyObject = privateKey.toKeyObject();
    const publicObject = publicKey.toKeyObject();

    it("verify in node:crypto, and node:crypto's verify here", () => {
      for (let round = 0; round < 10; round++) {
        const signature = crypto.sign(privateKey, message);
        expect(signature).toBeInstanceOf(Buffer);
        expect(judge.verify(algorithm, publicObject, signature)).toBe(true);
        expect(crypto.verify(publicKey, message, judge.sign(algorithm, keyObject))).toBe(true);
      }
    });

    it("are the same for every form of the data", () => {
      const memory = new Uint8Array(message.length + 3);
      memory.set(message, 3);
      const forms = [
        message.toString(),
        message,
        memory.subarray(3),
        new DataView(memory.buffer, 3),
        new Uint8Array(message).buffer,
      ];
      for (const form of forms) {
        expect(crypto.verify(publicKey, message, crypto.sign(privateKey, form))).toBe(true);
        expect(crypto.verify(publicKey, form, crypto.sign(privateKey, message))).toBe(true);
      }
      const long = "ü".repeat(50_000);
      const signature = crypto.sign(privateKey, long);
      expect(crypto.verify(publicKey, Buffer.from(long), signature)).toBe(true);
      expect(crypto.verify(publicKey, "", crypto.sign(privateKey, new Uint8Array(0)))).toBe(true);
    });

    it("are refused when one bit of them or of the data changes", () => {
      const signature = crypto.sign(privateKey, message);
      // Every bit of the short ones; of the long ones, which take long, a bit of every byte.
      const step = signature.length <= 72 ? 1 : 9;
      for (let bit = 0; bit < signature.length * 8; bit += step) {
        const tampered = Buffer.from(signature);
        tampered[bit >> 3] = (tampered[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        expect(crypto.verify(publicKey, message, tampered)).toBe(false);
      }
      const other = Buffer.from(message);
      other[0] = (other[0] ?? 0) ^ 1;
      expect(crypto.verify(publicKey, other, signature)).toBe(false);
      expect(crypto.verify(publicKey, message, signature)).toBe(true);
    });

    it("are refused, not an error, when they are malformed", () => {
      const signature = crypto.sign(privateKey, message);
      const malformed = [
        ...Array.from({ length: signature.length }, (_, length) => signature.subarray(0, length)),
        Buffer.concat([signature, Buffer.of(0)]),
        Buffer.alloc(64),
        Buffer.alloc(64, 0xff),
        Buffer.alloc(10_000, 0x30),
      ];
      for (const bytes of malformed) expect(crypto.verify(publicKey, message, bytes)).toBe(false);
      // Nothing of the refusals is left for node:crypto to find.
      expect(judge.verify(algorithm, publicObject, signature)).toBe(true);
      expect(() => nodeCrypto.createPrivateKey(pemOf(keyObject))).not.toThrow();
    });

    it("take a KeyObject and PEM, again and again", () => {
      const pem = pemOf(keyObject);
      const publicPem = publicObject.export({ format: "pem", type: "spki" }).toString();
      for (let round = 0; round < 3; round++) {
        expect(crypto.verify(publicPem, message, crypto.sign(pem, message))).toBe(true);
        expect(crypto.verify(publicObject, message, crypto.sign(keyObject, message))).toBe(true);
      }
    });
  });

  it("of more PEM keys than are kept parsed stay apart", () => {
    const pems = Array.from({ length: 70 }, () =>
      pemOf(crypto.generateKeyPair("ed25519").privateKey.toKeyObject()),
    );
    const first = pems.map((pem) => crypto.sign(pem, message).toString("hex"));
    const second = pems.map((pem) => crypto.sign(pem, message).toString("hex"));
    expect(second).toEqual(first);
    expect(new Set(first).size).toBe(pems.length);
  });
});

function pemOf(key: nodeCrypto.KeyObject): string {
  return key.export({ format: "pem", type: "pkcs8" }).toString();
}

describe("the two backends", () => {
  const pairs = [
    { title: "native to node", signer: native, verifier: node },
    { title: "node to native", signer: node, verifier: native },
  ];
  it.each(pairs)("verify each other: $title", ({ signer, verifier }) => {
    for (const algorithm of ALGORITHMS) {
      const { privateKey, publicKey } = pairFor(signer, algorithm);
      const imported = verifier.importPublicKey(publicKey.toKeyObject());
      expect(verifier.verify(imported, "x", signer.sign(privateKey, "x"))).toBe(true);
      expect(verifier.verify(imported, "y", signer.sign(privateKey, "x"))).toBe(false);
    }
  });

  it("make the same Ed25519 signature", () => {
    const { privateKey } = native.generateKeyPair("ed25519");
    const pem = pemOf(privateKey.toKeyObject());
    expect(native.sign(pem, message)).toEqual(node.sign(pem, message));
  });

  const keys = nodeCrypto.generateKeyPairSync("ed25519");
  const mistakes: [string, (crypto: CryptoModule) => unknown, string][] = [
    [
      "a public key that signs",
      (c) => c.sign(c.generateKeyPair("p256").publicKey as never, "x"),
      "argument 1 (key) must be a private key (Ed25519, Ed448, P-256, P-384, P-521, secp256k1, RSA, RSA-PSS), got a public P-256 key",
    ],
    [
      "a private key that verifies",
      (c) => c.verify(c.generateKeyPair("p256").privateKey as never, "x", Buffer.alloc(64)),
      "argument 1 (key) must be a public key (Ed25519, Ed448, P-256, P-384, P-521, secp256k1, RSA, RSA-PSS), got a private P-256 key",
    ],
    [
      "a public KeyObject that signs",
      (c) => c.sign(keys.publicKey, "x"),
      "got a public Ed25519 key",
    ],
    [
      "a private PEM that verifies",
      (c) => c.verify(pemOf(keys.privateKey), "x", Buffer.alloc(64)),
      "must be a public key in PEM, got a private key",
    ],
    [
      "text that is no PEM",
      (c) => c.sign("key", "x"),
      "argument 1 (key) must be a private key in PEM",
    ],
    [
      "no key",
      (c) => c.sign(undefined as never, "x"),
      "argument 1 (key) must be a private key (PEM, bytes, a KeyObject or a JWK), got undefined",
    ],
    [
      "data that is a number",
      (c) => c.sign(keys.privateKey, 5 as never),
      "argument 2 (data) must be a string or bytes (a Uint8Array, ArrayBuffer or DataView), got 5",
    ],
    [
      "detached data to sign",
      (c) => c.sign(keys.privateKey, detached(new Uint8Array(4))),
      "argument 2 (data) must be bytes that are not detached",
    ],
    [
      "detached data to verify",
      (c) => c.verify(keys.publicKey, detached(new Uint8Array(4)), Buffer.alloc(64)),
      "argument 2 (data) must be bytes that are not detached",
    ],
    [
      "a detached signature",
      (c) => c.verify(keys.publicKey, "x", detached(new Uint8Array(64))),
      "argument 3 (signature) must be bytes that are not detached",
    ],
    [
      "a signature that is text",
      (c) => c.verify(keys.publicKey, "x", "00" as never),
      "argument 3 (signature) must be bytes (a Uint8Array, ArrayBuffer or DataView), got a string of 2 characters",
    ],
  ];

  it.each(mistakes)("refuse in the same words: %s", (_, call, words) => {
    const error = errorOf(() => call(native));
    expect(error).toEqual(errorOf(() => call(node)));
    expect(error.name).toBe("TypeError");
    expect(error.message).toContain(words);
  });
});
