import type { JsonWebKey, KeyObject } from "node:crypto";
import { ArgumentError } from "../errors/index.js";
import { type Bytes, type Data, detachedError, isDetached, toInput, toView } from "./data.js";
import { cryptoFailure } from "./failure.js";
import { KeyCache, type KeyInput } from "./key-cache.js";
import { importPrivateKey, importPublicKey } from "./key-import.js";
import { PrivateKey, PublicKey, signerOf, verifierOf } from "./keys.js";
import type { Signer, Verifier } from "./signature-backend.js";
import type { SignOptions, VerifyOptions } from "./signature-options.js";

/** A private key, or what one can be parsed from: PEM, `{ key, format, ... }`, a JWK. */
export type SigningKey = PrivateKey | KeyObject | string | KeyInput | JsonWebKey;

/** A public key, or what one can be parsed from: PEM, `{ key, format, ... }`, a JWK. */
export type VerifyingKey = PublicKey | KeyObject | string | KeyInput | JsonWebKey;

const privateKeys = new KeyCache<PrivateKey>(importPrivateKey);
const publicKeys = new KeyCache<PublicKey>(importPublicKey);

/**
 * Signs `data`: as RFC 8032 for Ed25519 (64 bytes) and Ed448 (114); with ECDSA, in DER unless
 * `dsaEncoding` says otherwise; with RSA, PKCS#1 v1.5 or PSS.
 *
 * @param key a PrivateKey, a KeyObject, PEM, a JWK, or `{ key, format, algorithm, passphrase }`.
 * PEM
 *   and bytes are parsed when first seen; the parsed key stays in memory until 64 others have been
 *   used since. `importPrivateKey` leaves that to the caller.
 * @throws ArgumentError for other keys, data and options; NativeError ERR_CRYPTO_FAILED if OpenSSL
 *   fails, as for an RSA key that is too short for the hash and the salt
 */
export function sign(key: SigningKey, data: Data, options?: SignOptions): Buffer {
  const privateKey = key instanceof PrivateKey ? key : toPrivateKey(key);
  const input = toInput(data, 1, "data");
  try {
    return signerOf(privateKey, options).sign(input);
  } catch (error) {
    if (isDetached(input)) throw detachedError(1, "data");
    throw signatureFailure("sign", error);
  }
}

/**
 * Whether `signature` is one of `data`, made with the private half of `key` in the same way. A
 * signature that is malformed, of another length or of another algorithm is `false`, not an error.
 *
 * @param key a PublicKey, a KeyObject, PEM, a JWK, or `{ key, format, algorithm }` (kept parsed as
 *   `sign` does)
 * @throws ArgumentError for other keys, data and options; NativeError ERR_CRYPTO_FAILED if OpenSSL
 *   fails
 */
export function verify(
  key: VerifyingKey,
  data: Data,
  signature: Bytes,
  options?: VerifyOptions,
): boolean {
  const publicKey = key instanceof PublicKey ? key : toPublicKey(key);
  const input = toInput(data, 1, "data");
  const view = toView(signature, 2, "signature");
  try {
    return verifierOf(publicKey, options).verify(input, view);
  } catch (error) {
    if (isDetached(input)) throw detachedError(1, "data");
    if (isDetached(view)) throw detachedError(2, "signature");
    throw signatureFailure("verify", error);
  }
}

/** A key made ready, for callers that use it many times. Throws as `sign` does. */
export function openSigner(key: SigningKey, options: SignOptions | undefined): Signer {
  const privateKey = key instanceof PrivateKey ? key : toPrivateKey(key);
  try {
    return signerOf(privateKey, options);
  } catch (error) {
    throw signatureFailure("sign", error);
  }
}

export function openVerifier(key: VerifyingKey, options: VerifyOptions | undefined): Verifier {
  const publicKey = key instanceof PublicKey ? key : toPublicKey(key);
  try {
    return verifierOf(publicKey, options);
  } catch (error) {
    throw signatureFailure("verify", error);
  }
}

/** A caller's mistake stays one; the rest is libcrypto's. */
export function signatureFailure(action: "sign" | "verify", error: unknown): Error {
  return error instanceof ArgumentError ? error : cryptoFailure(action, error);
}

function toPrivateKey(key: Exclude<SigningKey, PrivateKey>): PrivateKey {
  return privateKeys.get(key);
}

function toPublicKey(key: Exclude<VerifyingKey, PublicKey>): PublicKey {
  return publicKeys.get(key);
}
