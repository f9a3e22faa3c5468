import { describe, expect, it } from "vitest";
import { backends } from "./backends.js";
import {
  DIGESTS_OF_ABC,
  DIGESTS_OF_NOTHING,
  ED448_VECTORS,
  ED25519_VECTORS,
  P256_VECTOR,
  RFC_6979_VECTORS,
  SECP256K1_VECTORS,
} from "./vectors.js";

function bytes(hex: string): Buffer {
  return Buffer.from(hex, "hex");
}

describe.each(backends)("published vectors, $name backend", ({ crypto }) => {
  it.each(Object.entries(DIGESTS_OF_ABC))('%s of "abc"', (algorithm, digest) => {
    expect(crypto.hash(algorithm, "abc")).toBe(digest);
    expect(crypto.hash(algorithm, bytes("616263"), "buffer")).toEqual(bytes(digest));
  });

  it.each(Object.entries(DIGESTS_OF_NOTHING))("%s of nothing", (algorithm, digest) => {
    expect(crypto.hash(algorithm, "")).toBe(digest);
    expect(crypto.hash(algorithm, new Uint8Array(0))).toBe(digest);
  });

  it('SHA-256 of "Hello, World!"', () => {
    expect(crypto.hash("SHA256", "Hello, World!")).toBe(
      "dffd6021bb2bd5b0af676290809ec3a53191dd81c7f70a4b28688a362182986f",
    );
  });

  it.each(ED25519_VECTORS)("Ed25519 of message $message", (vector) => {
    const raw = { format: "raw", algorithm: "ed25519" } as const;
    const privateKey = crypto.importPrivateKey(bytes(vector.seed), raw);
    const publicKey = crypto.importPublicKey(bytes(vector.publicKey), raw);
    const message = bytes(vector.message);
    expect(crypto.sign(privateKey, message).toString("hex")).toBe(vector.signature);
    expect(crypto.verify(publicKey, message, bytes(vector.signature))).toBe(true);
    expect(crypto.verify(privateKey.publicKey, message, bytes(vector.signature))).toBe(true);
  });

  it.each(ED448_VECTORS)("Ed448 of message $message", (vector) => {
    const raw = { format: "raw", algorithm: "ed448" } as const;
    const privateKey = crypto.importPrivateKey(bytes(vector.seed), raw);
    const message = bytes(vector.message);
    expect(privateKey.publicKey.export({ format: "raw" })).toEqual(bytes(vector.publicKey));
    expect(crypto.sign(privateKey, message).toString("hex")).toBe(vector.signature);
    expect(crypto.verify(privateKey.publicKey, message, bytes(vector.signature))).toBe(true);
  });

  it.each(RFC_6979_VECTORS)("ECDSA on $algorithm, RFC 6979", (vector) => {
    const { algorithm, message } = vector;
    const { publicKey } = crypto.importPrivateKey(bytes(vector.scalar), {
      format: "raw",
      algorithm,
    });
    const options = { dsaEncoding: "ieee-p1363" } as const;
    expect(crypto.verify(publicKey, message, bytes(vector.p1363), options)).toBe(true);
    expect(crypto.verify(publicKey, "simple", bytes(vector.p1363), options)).toBe(false);
  });

  it("ECDSA on P-256", () => {
    const raw = { format: "raw", algorithm: "p256" } as const;
    const publicKey = crypto.importPublicKey(bytes(P256_VECTOR.point), raw);
    const signature = bytes(P256_VECTOR.signature);
    expect(crypto.verify(publicKey, P256_VECTOR.message, signature)).toBe(true);
    expect(crypto.verify(publicKey, "simple", signature)).toBe(false);
    const privateKey = crypto.importPrivateKey(bytes(P256_VECTOR.scalar), raw);
    expect(crypto.verify(privateKey.publicKey, P256_VECTOR.message, signature)).toBe(true);
    expect(crypto.verify(publicKey, "mine", crypto.sign(privateKey, "mine"))).toBe(true);
  });

  it.each(SECP256K1_VECTORS.signatures)("ECDSA on secp256k1: $comment", ({ valid, der }) => {
    const raw = { format: "raw", algorithm: "secp256k1" } as const;
    const publicKey = crypto.importPublicKey(bytes(SECP256K1_VECTORS.point), raw);
    expect(crypto.verify(publicKey, SECP256K1_VECTORS.message, bytes(der))).toBe(valid);
  });
});
