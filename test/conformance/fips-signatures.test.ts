import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import type { PublicKey, VerifyOptions } from "../../src/crypto/index.js";
import { repositoryRoot } from "../support/compile.js";
import { backends, type CryptoModule } from "../unit/crypto/backends.js";

/** FIPS 186: where they come from is written beside the files. */
const directory = join(repositoryRoot, "test", "fixtures", "signatures");

/** The fields of one test, and the latest of those that hold for several. */
type Vector = ReadonlyMap<string, string>;

/** A section begins with `[P-256,SHA-1]`, a test ends with its result. */
function readVectors(file: string): Vector[] {
  const text = gunzipSync(readFileSync(join(directory, file))).toString("latin1");
  const fields = new Map<string, string>();
  const vectors: Vector[] = [];
  for (const line of text.split(/\r?\n/)) {
    const section = /^\[(.*)\]/.exec(line)?.[1];
    if (section !== undefined) fields.set("section", section);
    const [, name, value] = /^(\w+)\s*=\s*(\S*)/.exec(line) ?? [];
    if (name !== undefined && value !== undefined) fields.set(name, value);
    if (name === "Result") vectors.push(new Map(fields));
  }
  return vectors;
}

function text(vector: Vector, name: string): string {
  const value = vector.get(name);
  if (value === undefined) throw new Error(`a vector lacks ${name}`);
  return value;
}

function bytes(vector: Vector, name: string, size = 0): Buffer {
  return Buffer.from(text(vector, name).padStart(2 * size, "0"), "hex");
}

/** False also for a key that is refused, as points are that do not lie on the curve. */
function isVerified(
  crypto: CryptoModule,
  key: () => PublicKey,
  vector: Vector,
  signature: Buffer,
  options: VerifyOptions,
): boolean {
  try {
    return crypto.verify(key(), bytes(vector, "Msg"), signature, options);
  } catch (error) {
    expect((error as { code?: string }).code).toBe("ERR_INVALID_ARG_VALUE");
    return false;
  }
}

const CURVES = { "P-256": 32, "P-384": 48, "P-521": 66 } as const;

describe.each(backends)("FIPS 186, $name backend", ({ crypto }) => {
  it("ECDSA: 225 signatures on three curves with five hashes", () => {
    const vectors = readVectors("ecdsa-SigVer.rsp.gz");
    expect(vectors).toHaveLength(225);
    for (const vector of vectors) {
      const [curve = "", hash = ""] = text(vector, "section").split(",");
      const size = CURVES[curve as keyof typeof CURVES];
      const jwk = {
        kty: "EC",
        crv: curve,
        x: bytes(vector, "Qx", size).toString("base64url"),
        y: bytes(vector, "Qy", size).toString("base64url"),
      };
      const signature = Buffer.concat([bytes(vector, "R", size), bytes(vector, "S", size)]);
      const options = { hash, dsaEncoding: "ieee-p1363" } as const;
      const key = () => crypto.importPublicKey(jwk);
      const answer = isVerified(crypto, key, vector, signature, options);
      expect([curve, hash, text(vector, "Msg"), answer ? "P" : "F"]).toEqual([
        curve,
        hash,
        text(vector, "Msg"),
        text(vector, "Result"),
      ]);
    }
  });

  it.each([
    { file: "rsa-SigVer15.rsp.gz", options: { padding: "pkcs1" } },
    { file: "rsa-SigVerPSS.rsp.gz", options: { padding: "pss", saltLength: 10 } },
  ] as const)("RSA: $file", ({ file, options }) => {
    const vectors = readVectors(file);
    expect(vectors).toHaveLength(90);
    for (const vector of vectors) {
      const jwk = {
        kty: "RSA",
        n: bytes(vector, "n").toString("base64url"),
        e: Buffer.from(text(vector, "e").replace(/^(00)+/, ""), "hex").toString("base64url"),
      };
      const key = () => crypto.importPublicKey(jwk);
      const hash = text(vector, "SHAAlg");
      const answer = isVerified(crypto, key, vector, bytes(vector, "S"), { ...options, hash });
      const name = `${hash} ${text(vector, "Msg").slice(0, 16)}`;
      expect([name, answer ? "P" : "F"]).toEqual([name, text(vector, "Result")]);
    }
  });
});
