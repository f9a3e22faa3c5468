import type { KeyObject } from "node:crypto";
import { requireOneOf } from "../internal/options.js";

interface SignatureTraits {
  /** As messages name it. */
  readonly title: string;
  /** What `generateKeyPairSync` calls it. */
  readonly type: "ed25519" | "ec";
  /** OpenSSL's name of the curve of an `ec` key. */
  readonly curve?: string;
}

/** Ed25519 (RFC 8032), and ECDSA with SHA-256 on P-256 (FIPS 186-5) and secp256k1 (SEC 2). */
export const SIGNATURE_ALGORITHMS = {
  ed25519: { title: "Ed25519", type: "ed25519" },
  p256: { title: "P-256", type: "ec", curve: "prime256v1" },
  secp256k1: { title: "secp256k1", type: "ec", curve: "secp256k1" },
} as const satisfies Record<string, SignatureTraits>;

/** The kinds of key that sign. */
export type KeyAlgorithm = keyof typeof SIGNATURE_ALGORITHMS;

export const KEY_ALGORITHMS = Object.keys(SIGNATURE_ALGORITHMS) as readonly KeyAlgorithm[];

export function signatureTraits(algorithm: KeyAlgorithm): SignatureTraits {
  return SIGNATURE_ALGORITHMS[algorithm];
}

/** The kind of a key, or undefined for one that does not sign here. */
export function algorithmOfKey(key: KeyObject): KeyAlgorithm | undefined {
  return KEY_ALGORITHMS.find((algorithm) => {
    const { type, curve } = signatureTraits(algorithm);
    return key.asymmetricKeyType === type && key.asymmetricKeyDetails?.namedCurve === curve;
  });
}

export function requireKeyAlgorithm(value: unknown, name: string): asserts value is KeyAlgorithm {
  requireOneOf(value, name, KEY_ALGORITHMS);
}
