import type { KeyObject } from "node:crypto";
import { ArgumentError } from "../errors/index.js";
import { groupOrder } from "./ecdsa-encoding.js";
import { edwardsPkcs8, privateBytes, scalarPkcs8, spki } from "./key-wrapping.js";
import { type CurveAlgorithm, signatureTraits } from "./signature-algorithms.js";

/** Bytes of a private key: the seed of an Edwards curve (RFC 8032), or the scalar (SEC 1, C.4). */
const PRIVATE_BYTES = {
  ed25519: 32,
  ed448: 57,
  p256: 32,
  p384: 48,
  p521: 66,
  secp256k1: 32,
} as const satisfies Record<CurveAlgorithm, number>;

/** Raw private bytes as PKCS#8 DER, which the caller zeroes; undefined if they are not a key. */
export function rawToPkcs8(algorithm: CurveAlgorithm, bytes: Uint8Array): Buffer | undefined {
  if (bytes.length !== PRIVATE_BYTES[algorithm]) return undefined;
  if (algorithm === "ed25519" || algorithm === "ed448") return edwardsPkcs8(algorithm, bytes);
  return isScalar(algorithm, bytes) ? scalarPkcs8(algorithm, bytes) : undefined;
}

/** Raw public bytes as SPKI DER; undefined if no key has that length. */
export function rawToSpki(algorithm: CurveAlgorithm, bytes: Uint8Array): Buffer | undefined {
  return publicLengths(algorithm).includes(bytes.length) ? spki(algorithm, bytes) : undefined;
}

/** What raw bytes must be, for messages. */
export function rawForm(algorithm: CurveAlgorithm, type: "private" | "public"): string {
  const size = PRIVATE_BYTES[algorithm];
  const isEdwards = signatureTraits(algorithm).family === "eddsa";
  if (type === "private") {
    return isEdwards
      ? `a seed of ${size} bytes`
      : `a scalar of ${size} bytes, from 1 to the group's order less 1`;
  }
  if (isEdwards) return `a public key of ${size} bytes`;
  const [compressed, uncompressed] = publicLengths(algorithm);
  return `a point on the curve, of ${compressed} bytes (compressed) or ${uncompressed} (uncompressed)`;
}

/** The raw form of a private key, in memory that the caller zeroes. */
export function rawPrivateKey(algorithm: CurveAlgorithm, key: KeyObject): Buffer {
  const bytes = privateBytes(key);
  if (bytes.length === PRIVATE_BYTES[algorithm]) return bytes;
  bytes.fill(0);
  throw new ArgumentError("the private key has another length than its curve's");
}

/** The raw form of a public key: a point is compressed if asked for (SEC 1, 2.3.3). */
export function rawPublicKey(key: KeyObject, compressed: boolean): Buffer {
  const { x = "", y } = key.export({ format: "jwk" });
  const bytes = Buffer.from(x, "base64url");
  if (y === undefined) return bytes;
  const other = Buffer.from(y, "base64url");
  if (!compressed) return Buffer.concat([Buffer.of(4), bytes, other]);
  return Buffer.concat([Buffer.of(2 + ((other.at(-1) ?? 0) & 1)), bytes]);
}

/**
 * OpenSSL 3.0 takes a scalar modulo the order, so that two encodings would be one key. Digit by
 * digit: a secret's text or bigint could not be zeroed.
 */
export function isScalar(algorithm: CurveAlgorithm, bytes: Uint8Array): boolean {
  const order = groupOrder(algorithm);
  if (order === undefined || bytes.every((byte) => byte === 0)) return false;
  const digits = Buffer.from(order.toString(16).padStart(2 * bytes.length, "0"), "hex");
  const place = digits.findIndex((digit, index) => digit !== bytes[index]);
  return place >= 0 && (bytes[place] ?? 0) < (digits[place] ?? 0);
}

function publicLengths(algorithm: CurveAlgorithm): readonly number[] {
  const size = PRIVATE_BYTES[algorithm];
  return signatureTraits(algorithm).family === "eddsa" ? [size] : [1 + size, 1 + 2 * size];
}
