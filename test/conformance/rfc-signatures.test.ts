import { describe, expect, it } from "vitest";
import { implementations, type KeyBytes } from "./signature-implementations.js";
import { bytes, readVectors, text, type Vector } from "./vector-files.js";

/** All signatures of RFC 8032, section 7. */
const eddsa = readVectors("rfc8032.txt.gz", "SIGNATURE");

function isPure(vector: Vector): boolean {
  return /^Ed(25519|448)$/.test(text(vector, "section")) && text(vector, "CONTEXT") === "";
}

function rawKey(vector: Vector, field: "SECRET" | "PUBLIC"): KeyBytes {
  const algorithm = text(vector, "section").startsWith("Ed25519") ? "ed25519" : "ed448";
  return { algorithm, format: "raw", bytes: bytes(vector, field) };
}

const CURVES = {
  "P-256": { algorithm: "p256", size: 32 },
  "P-384": { algorithm: "p384", size: 48 },
  "P-521": { algorithm: "p521", size: 66 },
} as const;

describe.each(implementations)("published signatures, $name", ({ signatures }) => {
  it.each([
    { section: "Ed25519", count: 5 },
    { section: "Ed448", count: 8 },
  ] as const)("RFC 8032: $count of $section, made again to the bit", ({ section, count }) => {
    const vectors = eddsa.filter((one) => isPure(one) && text(one, "section") === section);
    expect(vectors).toHaveLength(count);
    for (const vector of vectors) {
      const [secret, open] = [rawKey(vector, "SECRET"), rawKey(vector, "PUBLIC")];
      const [message, signature] = [bytes(vector, "MESSAGE"), bytes(vector, "SIGNATURE")];
      expect(signatures.publicBytes(secret)).toEqual(open.bytes);
      expect(signatures.sign(secret, message)).toEqual(signature);
      expect(signatures.verify(open, message, signature)).toBe(true);
      expect(signatures.verify(open, Buffer.concat([message, Buffer.of(0)]), signature)).toBe(
        false,
      );
    }
  });

  it("RFC 8032: Ed25519ctx, Ed25519ph, Ed448ph and a context are other signatures", () => {
    const otherForms = eddsa.filter((vector) => !isPure(vector));
    expect(otherForms).toHaveLength(8);
    for (const vector of otherForms) {
      const open = rawKey(vector, "PUBLIC");
      const [message, signature] = [bytes(vector, "MESSAGE"), bytes(vector, "SIGNATURE")];
      expect(signatures.publicBytes(rawKey(vector, "SECRET"))).toEqual(open.bytes);
      expect(signatures.verify(open, message, signature)).toBe(false);
    }
  });

  it("RFC 6979: 30 signatures on three curves with five hashes", () => {
    const vectors = readVectors("ecdsa-rfc6979.txt.gz", "S");
    expect(vectors).toHaveLength(30);
    for (const vector of vectors) {
      const { algorithm, size } = CURVES[text(vector, "section") as keyof typeof CURVES];
      const point = [Buffer.of(4), bytes(vector, "Qx", size), bytes(vector, "Qy", size)];
      const open: KeyBytes = { algorithm, format: "raw", bytes: Buffer.concat(point) };
      const secret: KeyBytes = { algorithm, format: "raw", bytes: bytes(vector, "d", size) };
      const options = { hash: text(vector, "SHAAlg"), dsaEncoding: "ieee-p1363" } as const;
      const signature = Buffer.concat([bytes(vector, "R", size), bytes(vector, "S", size)]);
      expect(signatures.publicBytes(secret)).toEqual(open.bytes);
      expect(signatures.verify(open, bytes(vector, "Msg"), signature, options)).toBe(true);
      expect(signatures.verify(open, Buffer.from("simple"), signature, options)).toBe(false);
      const ours = signatures.sign(secret, bytes(vector, "Msg"), options);
      expect(signatures.verify(open, bytes(vector, "Msg"), ours, options)).toBe(true);
    }
  });
});
