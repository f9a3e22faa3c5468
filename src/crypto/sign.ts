import type { KeyObject } from "node:crypto";
import { type Bytes, type Data, detachedError, isDetached, toInput, toView } from "./data.js";
import { cryptoFailure } from "./failure.js";
import { KeyCache } from "./key-cache.js";
import { importPrivateKey, importPublicKey } from "./key-import.js";
import { openSigner, openVerifier, PrivateKey, PublicKey } from "./keys.js";

/** A private key, or what one can be parsed from without options. */
export type SigningKey = PrivateKey | KeyObject | string;

/** A public key, or what one can be parsed from without options. */
export type VerifyingKey = PublicKey | KeyObject | string;

const privateKeys = new KeyCache<PrivateKey>(importPrivateKey);
const publicKeys = new KeyCache<PublicKey>(importPublicKey);

/**
 * Signs `data`: 64 bytes for Ed25519; DER for ECDSA, over the SHA-256 of `data`.
 *
 * @param key a PrivateKey, a KeyObject, or PEM. PEM is parsed when first seen; the parsed key stays
 *   in memory until 64 others have been used since. `importPrivateKey` leaves that to the caller.
 * @throws ArgumentError for other keys and data; NativeError ERR_CRYPTO_FAILED if OpenSSL fails
 */
export function sign(key: SigningKey, data: Data): Buffer {
  const privateKey = key instanceof PrivateKey ? key : privateKeys.get(key);
  const input = toInput(data, 1, "data");
  try {
    return openSigner(privateKey).sign(input);
  } catch (error) {
    throw isDetached(input) ? detachedError(1, "data") : cryptoFailure("sign", error);
  }
}

/**
 * Whether `signature` is one of `data`, made with the private half of `key`. A signature that is
 * malformed, of another length or of another algorithm is `false`, not an error.
 *
 * @param key a PublicKey, a KeyObject, or PEM (kept parsed as `sign` does)
 * @throws ArgumentError for other keys and data; NativeError ERR_CRYPTO_FAILED if OpenSSL fails
 */
export function verify(key: VerifyingKey, data: Data, signature: Bytes): boolean {
  const publicKey = key instanceof PublicKey ? key : publicKeys.get(key);
  const input = toInput(data, 1, "data");
  const view = toView(signature, 2, "signature");
  try {
    return openVerifier(publicKey).verify(input, view);
  } catch (error) {
    if (isDetached(input)) throw detachedError(1, "data");
    if (isDetached(view)) throw detachedError(2, "signature");
    throw cryptoFailure("verify", error);
  }
}
