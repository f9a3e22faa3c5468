import { createPrivateKey, createPublicKey } from "node:crypto";
import { describe, expect, it } from "vitest";
import { implementations, type KeyBytes } from "./signature-implementations.js";
import { bytes, readVectors, text, type Vector } from "./vector-files.js";

/** NIST's vectors for FIPS 186: where they come from is written beside the files. */
const CURVES = {
  "P-256": { algorithm: "p256", size: 32 },
  "P-384": { algorithm: "p384", size: 48 },
  "P-521": { algorithm: "p521", size: 66 },
} as const;

/** Whatever the vector is of: a section begins with its curve. */
function curveOf(vector: Vector) {
  const [curve = "", hash = ""] = text(vector, "section").split(",");
  return { ...CURVES[curve as keyof typeof CURVES], curve, hash };
}

function pointOf(vector: Vector): KeyBytes {
  const { algorithm, size } = curveOf(vector);
  const point = [Buffer.of(4), bytes(vector, "Qx", size), bytes(vector, "Qy", size)];
  return { algorithm, format: "raw", bytes: Buffer.concat(point) };
}

function scalarOf(vector: Vector): KeyBytes {
  const { algorithm, size } = curveOf(vector);
  return { algorithm, format: "raw", bytes: bytes(vector, "d", size) };
}

function rsaKeyOf(vector: Vector): { publicKey: KeyBytes; privateKey: () => KeyBytes } {
  const field = (name: string) =>
    Buffer.from(text(vector, name).replace(/^(00)+/, ""), "hex").toString("base64url");
  const jwk = { kty: "RSA", n: field("n"), e: field("e") };
  const key = (der: Buffer): KeyBytes => ({ algorithm: "rsa", format: "der", bytes: der });
  return {
    publicKey: key(
      createPublicKey({ key: jwk, format: "jwk" }).export({ format: "der", type: "spki" }),
    ),
    privateKey() {
      const [d, p, q] = [field("d"), field("p"), field("q")];
      const whole = { ...jwk, d, p, q, dp: field("dp"), dq: field("dq"), qi: field("qi") };
      const made = createPrivateKey({ key: whole, format: "jwk" });
      return key(made.export({ format: "der", type: "pkcs8" }));
    },
  };
}

describe.each(implementations)("FIPS 186, $name", ({ signatures }) => {
  it("ECDSA, SigVer: 225 signatures on three curves with five hashes", () => {
    const vectors = readVectors("ecdsa-SigVer.rsp.gz", "Result");
    expect(vectors).toHaveLength(225);
    for (const vector of vectors) {
      const { size, curve, hash } = curveOf(vector);
      const signature = Buffer.concat([bytes(vector, "R", size), bytes(vector, "S", size)]);
      const options = { hash, dsaEncoding: "ieee-p1363" } as const;
      const message = bytes(vector, "Msg");
      const answer = signatures.verify(pointOf(vector), message, signature, options);
      expect([curve, hash, text(vector, "Msg"), answer ? "P" : "F"]).toEqual([
        curve,
        hash,
        text(vector, "Msg"),
        text(vector, "Result"),
      ]);
    }
  });

  it("ECDSA, SigGen: 225 signatures with random numbers of NIST's verify, and so do ours", () => {
    const vectors = readVectors("ecdsa-SigGen.txt.gz", "S");
    expect(vectors).toHaveLength(225);
    const sections = new Set<string>();
    for (const vector of vectors) {
      const { size, hash } = curveOf(vector);
      const options = { hash, dsaEncoding: "ieee-p1363" } as const;
      const [message, point] = [bytes(vector, "Msg"), pointOf(vector)];
      const published = Buffer.concat([bytes(vector, "R", size), bytes(vector, "S", size)]);
      expect(signatures.verify(point, message, published, options)).toBe(true);
      // What is made here is random: one for each curve and hash says as much as fifteen.
      if (sections.has(text(vector, "section"))) continue;
      sections.add(text(vector, "section"));
      const ours = signatures.sign(scalarOf(vector), message, options);
      expect(signatures.verify(point, message, ours, options)).toBe(true);
    }
  });

  it("ECDSA, KeyPair: the public halves of 30 scalars", () => {
    const vectors = readVectors("ecdsa-KeyPair.rsp.gz", "Qy");
    expect(vectors).toHaveLength(30);
    for (const vector of vectors) {
      expect(signatures.publicBytes(scalarOf(vector))).toEqual(pointOf(vector).bytes);
    }
  });

  it("ECDSA, PKV: 36 points, of which those off the curve or out of range are refused", () => {
    const vectors = readVectors("ecdsa-PKV.rsp.gz", "Result");
    expect(vectors).toHaveLength(36);
    for (const vector of vectors) {
      const name = `${text(vector, "section")} ${text(vector, "Qx")}`;
      const answer = signatures.takesPublic(pointOf(vector)) ? "P" : "F";
      expect([name, answer]).toEqual([name, text(vector, "Result")]);
    }
  });

  it.each([
    { file: "rsa-SigVer15.rsp.gz", options: { padding: "pkcs1" } },
    { file: "rsa-SigVerPSS.rsp.gz", options: { padding: "pss", saltLength: 10 } },
  ] as const)("RSA: $file", ({ file, options }) => {
    const vectors = readVectors(file, "Result");
    expect(vectors).toHaveLength(90);
    for (const vector of vectors) {
      const hash = text(vector, "SHAAlg");
      const { publicKey } = rsaKeyOf(vector);
      const signature = bytes(vector, "S");
      const answer = signatures.verify(publicKey, bytes(vector, "Msg"), signature, {
        ...options,
        hash,
      });
      const name = `${hash} ${text(vector, "Msg").slice(0, 16)}`;
      expect([name, answer ? "P" : "F"]).toEqual([name, text(vector, "Result")]);
    }
  });

  it("RSA, SigGen15: 50 signatures, which are made again to the bit", () => {
    const vectors = readVectors("rsa-SigGen15.txt.gz", "S");
    expect(vectors).toHaveLength(50);
    const { privateKey, publicKey } = rsaKeyOf(vectors[0] as Vector);
    const key = privateKey();
    for (const vector of vectors) {
      const options = { hash: text(vector, "SHAAlg"), padding: "pkcs1" } as const;
      const message = bytes(vector, "Msg");
      expect(signatures.sign(key, message, options)).toEqual(bytes(vector, "S"));
      expect(signatures.verify(publicKey, message, bytes(vector, "S"), options)).toBe(true);
    }
  });

  it("RSA, SigGenPSS: 50 signatures with salts of NIST's verify, and so do ours", () => {
    const vectors = readVectors("rsa-SigGenPSS.txt.gz", "S");
    expect(vectors).toHaveLength(50);
    const { privateKey, publicKey } = rsaKeyOf(vectors[0] as Vector);
    const key = privateKey();
    for (const vector of vectors) {
      const hash = text(vector, "SHAAlg");
      const options = {
        hash,
        padding: "pss",
        saltLength: bytes(vector, "SaltVal").length,
      } as const;
      const message = bytes(vector, "Msg");
      expect(signatures.verify(publicKey, message, bytes(vector, "S"), options)).toBe(true);
      const ours = signatures.sign(key, message, options);
      expect(signatures.verify(publicKey, message, ours, options)).toBe(true);
    }
  });
});
