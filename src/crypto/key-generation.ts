import type { KeyObject } from "node:crypto";
import { ArgumentError } from "../errors/index.js";
import { requireInteger, requireKnownOptions } from "../internal/options.js";
import { PrivateKey, PublicKey } from "./keys.js";
import { nodeCrypto } from "./node-crypto.js";
import {
  isRsa,
  type KeyAlgorithm,
  requireKeyAlgorithm,
  signatureTraits,
} from "./signature-algorithms.js";

export interface KeyPair {
  readonly privateKey: PrivateKey;
  readonly publicKey: PublicKey;
}

export interface GenerateKeyPairOptions {
  /** Bits of an RSA modulus, 1024 to 16384. Default 3072, as strong as the 256-bit curves. */
  readonly modulusLength?: number;
  /** Of RSA: odd, 3 or more. Default 65537. */
  readonly publicExponent?: number;
}

/** NIST SP 800-57, part 1, table 2: 128 bits of strength. */
const DEFAULT_MODULUS_LENGTH = 3072;
const DEFAULT_PUBLIC_EXPONENT = 65_537;

/**
 * A new pair of keys, from OpenSSL's random numbers. RSA takes a second or so: see the asynchronous
 * form.
 *
 * @throws ArgumentError for an algorithm that is no KeyAlgorithm, and for other options
 */
export function generateKeyPair(
  algorithm: KeyAlgorithm,
  options: GenerateKeyPairOptions = {},
): KeyPair {
  const { type, ...parameters } = resolveOptions(algorithm, options);
  const crypto = nodeCrypto();
  // One call for all types, of which TypeScript has a signature each.
  return toPair(algorithm, crypto.generateKeyPairSync(type as "rsa", parameters as RsaParameters));
}

/** As `generateKeyPair`, on a thread of Node's pool. */
export async function generateKeyPairAsync(
  algorithm: KeyAlgorithm,
  options: GenerateKeyPairOptions = {},
): Promise<KeyPair> {
  const { type, ...parameters } = resolveOptions(algorithm, options);
  return new Promise((resolve, reject) => {
    nodeCrypto().generateKeyPair(
      type as "rsa",
      parameters as RsaParameters,
      (error, publicKey, privateKey) => {
        if (error) reject(error);
        else resolve(toPair(algorithm, { privateKey, publicKey }));
      },
    );
  });
}

interface RsaParameters {
  modulusLength: number;
  publicExponent: number;
}

type Parameters = { type: string } & Partial<RsaParameters & { namedCurve: string }>;

function resolveOptions(algorithm: KeyAlgorithm, options: GenerateKeyPairOptions): Parameters {
  requireKeyAlgorithm(algorithm, "argument 1 (algorithm)");
  const { type, curve, title } = signatureTraits(algorithm);
  requireKnownOptions(options, ["modulusLength", "publicExponent"], "options");
  if (!isRsa(algorithm)) {
    for (const name of ["modulusLength", "publicExponent"] as const) {
      if (options[name] === undefined) continue;
      throw new ArgumentError(`options.${name} does not apply to ${title} keys`);
    }
    return curve === undefined ? { type } : { type, namedCurve: curve };
  }
  const { modulusLength = DEFAULT_MODULUS_LENGTH, publicExponent = DEFAULT_PUBLIC_EXPONENT } =
    options;
  requireInteger(modulusLength, "options.modulusLength", 1024, 16_384);
  requireInteger(publicExponent, "options.publicExponent", 3, 0xffff_ffff);
  if (publicExponent % 2 === 0) {
    throw new ArgumentError(`options.publicExponent must be odd, got ${publicExponent}`);
  }
  return { type, modulusLength, publicExponent };
}

function toPair(
  algorithm: KeyAlgorithm,
  pair: { readonly privateKey: KeyObject; readonly publicKey: KeyObject },
): KeyPair {
  return {
    privateKey: new PrivateKey(pair.privateKey, algorithm),
    publicKey: new PublicKey(pair.publicKey, algorithm),
  };
}
