import type { KeyObject } from "node:crypto";
import { requireOneOf } from "../internal/options.js";
import type { SignatureHash } from "./signature-options.js";

interface SignatureTraits {
  /** As messages name it. */
  readonly title: string;
  readonly family: "eddsa" | "ecdsa" | "rsa";
  /** What `generateKeyPairSync` and `asymmetricKeyType` call it. */
  readonly type: "ed25519" | "ed448" | "ec" | "rsa" | "rsa-pss";
  /** OpenSSL's name of the curve of an `ec` key. */
  readonly curve?: string;
  /** The hash unless another is named; the Edwards curves hash by themselves. */
  readonly hash?: SignatureHash;
}

/**
 * Ed25519 and Ed448 (RFC 8032); ECDSA on the curves of FIPS 186-5 and secp256k1 (SEC 2), with
 * hashes as long as the group's order (RFC 7518, 3.4); RSASSA-PKCS1-v1_5 and RSASSA-PSS (RFC 8017).
 */
const SIGNATURE_ALGORITHMS = {
  ed25519: { title: "Ed25519", family: "eddsa", type: "ed25519" },
  ed448: { title: "Ed448", family: "eddsa", type: "ed448" },
  p256: { title: "P-256", family: "ecdsa", type: "ec", curve: "prime256v1", hash: "sha256" },
  p384: { title: "P-384", family: "ecdsa", type: "ec", curve: "secp384r1", hash: "sha384" },
  p521: { title: "P-521", family: "ecdsa", type: "ec", curve: "secp521r1", hash: "sha512" },
  secp256k1: {
    title: "secp256k1",
    family: "ecdsa",
    type: "ec",
    curve: "secp256k1",
    hash: "sha256",
  },
  rsa: { title: "RSA", family: "rsa", type: "rsa", hash: "sha256" },
  "rsa-pss": { title: "RSA-PSS", family: "rsa", type: "rsa-pss", hash: "sha256" },
} as const satisfies Record<string, SignatureTraits>;

/** The kinds of key that sign. */
export type KeyAlgorithm = keyof typeof SIGNATURE_ALGORITHMS;

/** The kinds of RSA keys. */
export type RsaAlgorithm = "rsa" | "rsa-pss";

/** The kinds of key that are a curve's, and have a raw form. */
export type CurveAlgorithm = Exclude<KeyAlgorithm, RsaAlgorithm>;

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

export function isRsa(algorithm: KeyAlgorithm): algorithm is RsaAlgorithm {
  return signatureTraits(algorithm).family === "rsa";
}
