import { PrivateKey, PublicKey } from "./keys.js";
import { nodeCrypto } from "./node-crypto.js";
import { type KeyAlgorithm, requireKeyAlgorithm, signatureTraits } from "./signature-algorithms.js";

export interface KeyPair {
  readonly privateKey: PrivateKey;
  readonly publicKey: PublicKey;
}

/**
 * A new pair of keys, from OpenSSL's random numbers.
 *
 * @throws ArgumentError for an algorithm other than `ed25519`, `p256` and `secp256k1`
 */
export function generateKeyPair(algorithm: KeyAlgorithm): KeyPair {
  requireKeyAlgorithm(algorithm, "argument 1 (algorithm)");
  const { type, curve } = signatureTraits(algorithm);
  const crypto = nodeCrypto();
  const pair =
    type === "ed25519" || curve === undefined
      ? crypto.generateKeyPairSync("ed25519")
      : crypto.generateKeyPairSync("ec", { namedCurve: curve });
  return {
    privateKey: new PrivateKey(pair.privateKey, algorithm),
    publicKey: new PublicKey(pair.publicKey, algorithm),
  };
}
