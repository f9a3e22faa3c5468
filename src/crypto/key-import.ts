import type { JsonWebKey, KeyObject } from "node:crypto";
import { isAnyArrayBuffer, isKeyObject } from "node:util/types";
import { ArgumentError } from "../errors/index.js";
import { requireKnownOptions, requireOneOf } from "../internal/options.js";
import type { Bytes } from "./data.js";
import { flawOf } from "./key-check.js";
import { KEY_FORMATS, type KeyFormat } from "./key-format.js";
import { type KeyType, parseKey, refusedKey, refusedKeyAs } from "./key-parsing.js";
import { asRsaAlgorithm } from "./key-wrapping.js";
import { PrivateKey, PublicKey } from "./keys.js";
import {
  algorithmOfKey,
  KEY_ALGORITHMS,
  type KeyAlgorithm,
  requireKeyAlgorithm,
  signatureTraits,
} from "./signature-algorithms.js";

export interface ImportKeyOptions {
  /**
   * `"pem"`; `"der"` (PKCS#8 or SPKI); `"raw"` (Ed25519: 32 bytes, Ed448: 57; EC: the scalar, or
   * the point compressed or uncompressed); `"jwk"`. Needed for bytes; a string is PEM, other
   * objects are JWK.
   */
  readonly format?: KeyFormat;
  /**
   * Needed for raw bytes; otherwise a key of another algorithm is refused. With `"rsa-pss"`, an RSA
   * key is taken for PSS only; a JWK whose `alg` is PS256, PS384 or PS512 is one without that.
   */
  readonly algorithm?: KeyAlgorithm;
  /** Opens an encrypted private key in PEM or DER. */
  readonly passphrase?: string | Bytes;
}

/** A key in any form that can be imported. */
export type ImportableKey = string | Bytes | KeyObject | JsonWebKey | PrivateKey | PublicKey;

/**
 * Parses a private key, once for all signatures made with it. The bytes given stay the caller's to
 * clear; copies made on the way are zeroed.
 *
 * An encrypted key takes as long as its author wanted: some ms to a second, on this thread.
 *
 * @throws ArgumentError for what is not a private key of a known algorithm
 */
export function importPrivateKey(key: ImportableKey, options: ImportKeyOptions = {}): PrivateKey {
  const { keyObject, algorithm } = importKey("private", key, options);
  return new PrivateKey(keyObject, algorithm);
}

/**
 * Parses a public key, once for all signatures checked with it.
 *
 * @throws ArgumentError for what is not a public key of a known algorithm; a private key is not one
 */
export function importPublicKey(key: ImportableKey, options: ImportKeyOptions = {}): PublicKey {
  const { keyObject, algorithm } = importKey("public", key, options);
  return new PublicKey(keyObject, algorithm);
}

interface ImportedKey {
  readonly keyObject: KeyObject;
  readonly algorithm: KeyAlgorithm;
}

function importKey(type: KeyType, key: unknown, options: unknown): ImportedKey {
  requireKnownOptions(options, ["format", "algorithm", "passphrase"], "options");
  const { format, algorithm: expected, passphrase } = options as ImportKeyOptions;
  if (format !== undefined) requireOneOf(format, "options.format", KEY_FORMATS);
  if (expected !== undefined) requireKeyAlgorithm(expected, "options.algorithm");
  const parsed = parsedKeyIn(key);
  const keyObject =
    parsed ??
    parseKey(type, key, format ?? formatOf(type, key), { algorithm: expected, passphrase });
  return requireSigningKey(type, keyObject, expected ?? algorithmInJwk(parsed ?? key));
}

/** RFC 7518, 3.5: the algorithms of RSA keys that are for PSS. */
function algorithmInJwk(key: unknown): KeyAlgorithm | undefined {
  const isPss =
    typeof key === "object" &&
    key !== null &&
    !isKeyObject(key) &&
    "alg" in key &&
    typeof key.alg === "string" &&
    /^PS(256|384|512)$/.test(key.alg);
  return isPss ? "rsa-pss" : undefined;
}

function parsedKeyIn(key: unknown): KeyObject | undefined {
  if (key instanceof PrivateKey || key instanceof PublicKey) return key.toKeyObject();
  return isKeyObject(key) ? key : undefined;
}

/** The format that the kind of value tells. */
function formatOf(type: KeyType, key: unknown): KeyFormat {
  if (typeof key === "string") return "pem";
  if (ArrayBuffer.isView(key) || isAnyArrayBuffer(key)) {
    throw new ArgumentError(
      'options.format must be "pem", "der" or "raw" for a key in bytes, got undefined',
    );
  }
  if (typeof key === "object" && key !== null) return "jwk";
  const form = `a ${type} key (PEM, bytes, a KeyObject or a JWK)`;
  throw refusedKey(form, key, "ERR_INVALID_ARG_TYPE");
}

/**
 * OpenSSL reads an EC key whose scalar is longer than the group's order and cannot write it again.
 * Node ends the process (an assertion) when such a key is asked for its curve or its JWK.
 */
function requireWritable(type: KeyType, key: KeyObject): void {
  if (key.type !== "private" || key.asymmetricKeyType !== "ec") return;
  try {
    key.export({ format: "der", type: "pkcs8" }).fill(0);
  } catch {
    throw refusedKeyAs(`a ${type} key`, "one whose scalar is longer than its group's order");
  }
}

/** A key that can be used as one of that type, and its algorithm. */
function requireSigningKey(
  type: KeyType,
  key: KeyObject,
  expected: KeyAlgorithm | undefined,
): ImportedKey {
  requireWritable(type, key);
  const algorithm = algorithmOfKey(key);
  const wanted = expected === undefined ? KEY_ALGORITHMS : [expected];
  const isForPss = algorithm === "rsa" && expected === "rsa-pss";
  if (key.type !== type || algorithm === undefined || !(isForPss || wanted.includes(algorithm))) {
    const titles = wanted.map((name) => signatureTraits(name).title).join(", ");
    throw refusedKeyAs(`a ${type} key (${titles})`, describeKey(key));
  }
  const flaw = flawOf(key, algorithm);
  if (flaw !== undefined) throw refusedKeyAs(flaw, "another");
  return isForPss
    ? { keyObject: asRsaAlgorithm(key, "rsa-pss"), algorithm: "rsa-pss" }
    : { keyObject: key, algorithm };
}

/** The kind of a key, for messages: nothing of its contents. */
function describeKey(key: KeyObject): string {
  const algorithm = algorithmOfKey(key);
  const title = algorithm === undefined ? key.asymmetricKeyType : signatureTraits(algorithm).title;
  return title === undefined ? `a ${key.type} key` : `a ${key.type} ${title} key`;
}
