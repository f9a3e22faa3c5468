import type { KeyObject } from "node:crypto";
import { nodeCrypto } from "./node-crypto.js";
import { isScalar, rawPrivateKey, rawPublicKey, rawToPkcs8 } from "./raw-keys.js";
import { isRsa, type KeyAlgorithm, signatureTraits } from "./signature-algorithms.js";

/** Below 1024 bits a modulus can be factored; more than 16384 OpenSSL refuses to use. */
const MIN_MODULUS_BITS = 1024;
const MAX_MODULUS_BITS = 16_384;

/**
 * What is wrong with a key that OpenSSL's parsers accept, as the rest of "must be ..."; undefined
 * if nothing is. They do not look whether the halves of an EC key belong together (a signature made
 * with such a key can give the private half away), nor at the size of RSA's numbers.
 */
export function flawOf(key: KeyObject, algorithm: KeyAlgorithm): string | undefined {
  if (isRsa(algorithm)) return flawOfRsa(key);
  if (signatureTraits(algorithm).family !== "ecdsa" || key.type !== "private") return undefined;
  const raw = rawPrivateKey(algorithm, key);
  try {
    if (!isScalar(algorithm, raw)) return "a private key from 1 to the group's order less 1";
    const der = rawToPkcs8(algorithm, raw) ?? Buffer.alloc(0);
    try {
      const derived = nodeCrypto().createPrivateKey({ key: der, format: "der", type: "pkcs8" });
      return pointOf(derived).equals(pointOf(key))
        ? undefined
        : "a private key with its own public key";
    } finally {
      der.fill(0);
    }
  } finally {
    raw.fill(0);
  }
}

function flawOfRsa(key: KeyObject): string | undefined {
  const { modulusLength = 0, publicExponent = 0n } = key.asymmetricKeyDetails ?? {};
  if (modulusLength < MIN_MODULUS_BITS || modulusLength > MAX_MODULUS_BITS) {
    return `a key with a modulus of ${MIN_MODULUS_BITS} to ${MAX_MODULUS_BITS} bits`;
  }
  const isExponent = publicExponent >= 3n && publicExponent % 2n === 1n; // RFC 8017, 3.1
  return isExponent ? undefined : "a key with an odd public exponent of 3 or more";
}

function pointOf(key: KeyObject): Buffer {
  return rawPublicKey(nodeCrypto().createPublicKey(key), false);
}
