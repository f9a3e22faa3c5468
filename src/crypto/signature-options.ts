import type { KeyObject } from "node:crypto";
import { ArgumentError, describeValue } from "../errors/index.js";
import {
  requireBoolean,
  requireInteger,
  requireKnownOptions,
  requireOneOf,
} from "../internal/options.js";
import { canonicalName, type DigestName, type HashAlgorithm } from "./algorithms.js";
import { type KeyAlgorithm, signatureTraits } from "./signature-algorithms.js";
import type { SignatureParameters } from "./signature-backend.js";

/** Options of a signature, by the names that `node:crypto` has for them. */
export interface SignatureOptions {
  /**
   * The hash of ECDSA and RSA: SHA-2, SHA-3, or SHA-1, which only old signatures should have. By
   * default that of `KeyAlgorithm`: SHA-384 for P-384, SHA-512 for P-521, SHA-256 for the others;
   * for an RSA-PSS key with a hash of its own, that one.
   */
  readonly hash?: HashAlgorithm;
  /** The form of an ECDSA signature: `"der"` (default), or `"ieee-p1363"`, which is r and s. */
  readonly dsaEncoding?: DsaEncoding;
  /**
   * Of ECDSA: `sign` takes the smaller of the two values of s, and `verify` refuses the other
   * (BIP 146). Default false.
   */
  readonly lowS?: boolean;
  /**
   * Of an RSA key: `"pkcs1"` (RSASSA-PKCS1-v1_5, default) or `"pss"`; RSA-PSS keys have only that.
   */
  readonly padding?: RsaPadding;
}

export interface SignOptions extends SignatureOptions {
  /** Of PSS: bytes, `"digest"` (default: as many as the hash has) or `"max"`. */
  readonly saltLength?: number | "digest" | "max";
}

export interface VerifyOptions extends SignatureOptions {
  /** Of PSS: bytes, `"digest"` (default: as many as the hash has) or `"auto"`, any length. */
  readonly saltLength?: number | "digest" | "auto";
}

export type DsaEncoding = (typeof DSA_ENCODINGS)[number];
export type RsaPadding = (typeof RSA_PADDINGS)[number];

const DSA_ENCODINGS = ["der", "ieee-p1363"] as const;
const RSA_PADDINGS = ["pkcs1", "pss"] as const;

/** The hashes of signatures and their lengths in bytes. Those without collision resistance at all,
 * such as MD5 (RFC 6151), are left out. */
const SIGNATURE_HASHES = {
  sha1: 20,
  sha224: 28,
  sha256: 32,
  sha384: 48,
  sha512: 64,
  "sha512-224": 28,
  "sha512-256": 32,
  "sha3-224": 28,
  "sha3-256": 32,
  "sha3-384": 48,
  "sha3-512": 64,
} as const satisfies Partial<Record<DigestName, number>>;

export type SignatureHash = keyof typeof SIGNATURE_HASHES;

const HASH_NAMES = Object.keys(SIGNATURE_HASHES) as readonly SignatureHash[];

/** The options that keys of a family have a use for. */
const APPLICABLE = {
  eddsa: [],
  ecdsa: ["hash", "dsaEncoding", "lowS"],
  rsa: ["hash", "padding", "saltLength"],
} as const;

const KNOWN = ["hash", "dsaEncoding", "lowS", "padding", "saltLength"] as const;

/** Longer than what the largest modulus has room for, 16384 bits. */
const MAX_SALT_BYTES = 2048;

/** RSA_PSS_SALTLEN_MAX_SIGN and RSA_PSS_SALTLEN_AUTO of openssl/rsa.h are one number. */
const ANY_SALT_LENGTH = -2;

/**
 * How a key of that algorithm signs or verifies with these options.
 *
 * @param anySalt the word for whatever salt there is room for: `"max"` or `"auto"`
 */
export function resolveSignatureOptions(
  algorithm: KeyAlgorithm,
  key: KeyObject,
  options: unknown,
  anySalt: "max" | "auto",
): SignatureParameters {
  requireKnownOptions(options, KNOWN, "options");
  const given = options as SignOptions & VerifyOptions;
  requireApplicable(algorithm, given);
  const { dsaEncoding = "der", lowS = false } = given;
  requireOneOf(dsaEncoding, "options.dsaEncoding", DSA_ENCODINGS);
  requireBoolean(lowS, "options.lowS");
  const hash = hashOf(algorithm, key, given.hash);
  const padding = paddingOf(algorithm, given.padding);
  const saltLength = saltLengthOf(key, hash, padding, given.saltLength, anySalt);
  return { hash, padding, saltLength, dsaEncoding, lowS };
}

function requireApplicable(algorithm: KeyAlgorithm, options: SignatureOptions): void {
  const { family, title } = signatureTraits(algorithm);
  const applicable: readonly string[] = APPLICABLE[family];
  for (const name of KNOWN) {
    if (name in options && (options as Record<string, unknown>)[name] !== undefined) {
      if (applicable.includes(name)) continue;
      throw new ArgumentError(`options.${name} does not apply to ${title} keys`);
    }
  }
}

function hashOf(
  algorithm: KeyAlgorithm,
  key: KeyObject,
  given: string | undefined,
): SignatureHash | undefined {
  if (given !== undefined) {
    const name = typeof given === "string" ? (canonicalName(given) ?? given) : given;
    requireOneOf(name, "options.hash", HASH_NAMES);
    return name;
  }
  // An RSA-PSS key may say for which hash it is (RFC 4055, 3.1).
  const own = canonicalName(key.asymmetricKeyDetails?.hashAlgorithm ?? "");
  return HASH_NAMES.find((name) => name === own) ?? signatureTraits(algorithm).hash;
}

function paddingOf(algorithm: KeyAlgorithm, given: RsaPadding | undefined): RsaPadding | undefined {
  if (signatureTraits(algorithm).family !== "rsa") return undefined;
  const own = algorithm === "rsa-pss" ? "pss" : "pkcs1";
  if (given === undefined) return own;
  requireOneOf(given, "options.padding", algorithm === "rsa-pss" ? ["pss"] : RSA_PADDINGS);
  return given;
}

function saltLengthOf(
  key: KeyObject,
  hash: SignatureHash | undefined,
  padding: RsaPadding | undefined,
  given: number | "digest" | "max" | "auto" | undefined,
  anySalt: "max" | "auto",
): number {
  if (padding !== "pss") {
    if (given === undefined) return 0;
    throw new ArgumentError('options.saltLength needs options.padding "pss"');
  }
  if (given === anySalt) return ANY_SALT_LENGTH;
  if (typeof given === "number") {
    requireInteger(given, "options.saltLength", 0, MAX_SALT_BYTES);
    return given;
  }
  if (given !== undefined && given !== "digest") {
    const got = typeof given === "string" ? JSON.stringify(given) : describeValue(given);
    throw new ArgumentError(
      `options.saltLength must be an integer from 0 to ${MAX_SALT_BYTES}, "digest" or ` +
        `"${anySalt}", got ${got}`,
    );
  }
  // A key may ask for a longer salt (RFC 4055, 3.1).
  const least = key.asymmetricKeyDetails?.saltLength ?? 0;
  return Math.max(least, hash === undefined ? 0 : SIGNATURE_HASHES[hash]);
}
