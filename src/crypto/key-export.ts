import type { JsonWebKey, KeyObject } from "node:crypto";
import { ArgumentError } from "../errors/index.js";
import { requireBoolean, requireKnownOptions, requireOneOf } from "../internal/options.js";
import { canonicalName } from "./algorithms.js";
import type { Bytes } from "./data.js";
import { KEY_FORMATS, type KeyFormat, requirePassphrase } from "./key-format.js";
import { asRsaAlgorithm } from "./key-wrapping.js";
import { rawPrivateKey, rawPublicKey } from "./raw-keys.js";
import { isRsa, type KeyAlgorithm, signatureTraits } from "./signature-algorithms.js";

export interface ExportKeyOptions {
  readonly format: KeyFormat;
  /** Encrypts a private key in PEM or DER (PBES2, RFC 8018). Only a long one protects it. */
  readonly passphrase?: string | Bytes;
  /** Default `"aes-256-cbc"`. */
  readonly cipher?: (typeof CIPHERS)[number];
  /** Of the raw public key of an ECDSA curve: 33 bytes instead of 65. Default false. */
  readonly compressed?: boolean;
}

const CIPHERS = ["aes-128-cbc", "aes-192-cbc", "aes-256-cbc"] as const;

export function exportKey(
  key: KeyObject,
  algorithm: KeyAlgorithm,
  options: ExportKeyOptions,
): string | Buffer | JsonWebKey {
  requireKnownOptions(options, ["format", "passphrase", "cipher", "compressed"], "options");
  const { format, compressed = false } = options;
  requireOneOf(format, "options.format", KEY_FORMATS);
  requireBoolean(compressed, "options.compressed");
  requireApplicable(key, algorithm, options);
  switch (format) {
    case "raw":
      return exportRaw(key, algorithm, compressed);
    case "jwk":
      return exportJwk(key, algorithm);
    case "pem":
    case "der":
      return exportDocument(key, format, options);
  }
}

function requireApplicable(
  key: KeyObject,
  algorithm: KeyAlgorithm,
  { format, passphrase, cipher, compressed }: ExportKeyOptions,
): void {
  const isDocument = format === "pem" || format === "der";
  if (passphrase !== undefined && (key.type !== "private" || !isDocument)) {
    throw new ArgumentError("options.passphrase is for private keys in PEM and DER");
  }
  if (cipher !== undefined && passphrase === undefined) {
    throw new ArgumentError("options.cipher needs options.passphrase");
  }
  const isPoint = key.type === "public" && signatureTraits(algorithm).family === "ecdsa";
  if (compressed !== undefined && !(isPoint && format === "raw")) {
    throw new ArgumentError("options.compressed is for raw public keys of ECDSA");
  }
}

function exportRaw(key: KeyObject, algorithm: KeyAlgorithm, compressed: boolean): Buffer {
  if (isRsa(algorithm)) {
    throw new ArgumentError(
      'options.format must be "pem", "der" or "jwk" for an RSA key, got "raw"',
    );
  }
  return key.type === "private" ? rawPrivateKey(algorithm, key) : rawPublicKey(key, compressed);
}

/** An RSA-PSS key is an RSA key that names its use (RFC 7518, 3.5 and 6.3). */
function exportJwk(key: KeyObject, algorithm: KeyAlgorithm): JsonWebKey {
  if (algorithm !== "rsa-pss") return key.export({ format: "jwk" });
  const hash = canonicalName(key.asymmetricKeyDetails?.hashAlgorithm ?? "sha256");
  const jwk = asRsaAlgorithm(key, "rsa").export({ format: "jwk" });
  return /^sha(256|384|512)$/.test(hash ?? "") ? { ...jwk, alg: `PS${hash?.slice(3)}` } : jwk;
}

function exportDocument(
  key: KeyObject,
  format: "pem" | "der",
  { passphrase, cipher = "aes-256-cbc" }: ExportKeyOptions,
): string | Buffer {
  // One call for both formats, of which TypeScript has a signature each.
  const as = format as "pem";
  if (key.type === "public") return key.export({ format: as, type: "spki" });
  if (passphrase === undefined) return key.export({ format: as, type: "pkcs8" });
  requireOneOf(cipher, "options.cipher", CIPHERS);
  const secret = requirePassphrase(passphrase);
  return key.export({ format: as, type: "pkcs8", cipher, passphrase: secret });
}
