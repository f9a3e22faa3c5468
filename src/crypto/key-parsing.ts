import type { JsonWebKey, KeyObject } from "node:crypto";
import {
  ArgumentError,
  type ArgumentErrorCode,
  argumentLabel,
  argumentMessage,
} from "../errors/index.js";
import { requireOneOf } from "../internal/options.js";
import { detachedError, isDetached, toView } from "./data.js";
import { nodeCrypto } from "./node-crypto.js";
import { rawForm, rawToPkcs8, rawToSpki } from "./raw-keys.js";
import { KEY_ALGORITHMS, type KeyAlgorithm, signatureTraits } from "./signature-algorithms.js";

export const KEY_FORMATS = ["pem", "der", "raw", "jwk"] as const;

/** How a key is written. */
export type KeyFormat = (typeof KEY_FORMATS)[number];

export type KeyType = "private" | "public";

/**
 * The key that `key` holds in that format, by `node:crypto`: import is rare, and its parsers are
 * the ones that are looked after. What cannot be read is an ArgumentError that says what is
 * expected; OpenSSL's own reason would tell a caller less.
 */
export function parseKey(
  type: KeyType,
  key: unknown,
  format: KeyFormat,
  algorithm: KeyAlgorithm | undefined,
): KeyObject {
  switch (format) {
    case "pem":
      return parsePem(type, key);
    case "der":
      return parseDer(type, bytesOf(key), `a ${type} key in ${DER_NAMES[type]}`, key);
    case "raw":
      return parseRaw(type, key, algorithm);
    case "jwk":
      return parseJwk(type, key);
  }
}

/** The refusal of `key`, of which only the kind and the length are shown. */
export function refusedKey(
  form: string,
  key: unknown,
  code: ArgumentErrorCode = "ERR_INVALID_ARG_VALUE",
): ArgumentError {
  return new ArgumentError(argumentMessage(0, "key", form, key), code);
}

/** The refusal of a key whose kind is known. */
export function refusedKeyAs(form: string, got: string): ArgumentError {
  return new ArgumentError(`${argumentLabel(0, "key")} must be ${form}, got ${got}`);
}

const DER_NAMES = {
  private: "PKCS#8 DER, not encrypted",
  public: "SPKI DER",
} as const satisfies Record<KeyType, string>;

function parsePem(type: KeyType, key: unknown): KeyObject {
  const pem = typeof key === "string" ? key : bytesOf(key);
  const form = type === "private" ? "a private key in PEM, not encrypted" : "a public key in PEM";
  // node:crypto would derive the public key: a caller who mixes the two up should know.
  if (type === "public" && pem.includes("PRIVATE KEY-----"))
    throw refusedKeyAs(form, A_PRIVATE_KEY);
  return attempt(form, key, () => create(type, { key: pem, format: "pem" }));
}

function parseDer(type: KeyType, key: Buffer, form: string, shown: unknown): KeyObject {
  const crypto = nodeCrypto();
  return attempt(form, shown, () =>
    type === "private"
      ? crypto.createPrivateKey({ key, format: "der", type: "pkcs8" })
      : crypto.createPublicKey({ key, format: "der", type: "spki" }),
  );
}

function parseRaw(type: KeyType, key: unknown, algorithm: KeyAlgorithm | undefined): KeyObject {
  const bytes = bytesOf(key);
  requireOneOf(algorithm, "options.algorithm, for a raw key,", KEY_ALGORITHMS);
  const form = `${rawForm(algorithm, type)} for ${signatureTraits(algorithm).title}`;
  const der = type === "private" ? rawToPkcs8(algorithm, bytes) : rawToSpki(algorithm, bytes);
  if (der === undefined) throw refusedKey(form, key);
  try {
    return parseDer(type, der, form, key);
  } finally {
    der.fill(0);
  }
}

function parseJwk(type: KeyType, key: unknown): KeyObject {
  const form = `a ${type} key as JWK`;
  if (typeof key !== "object" || key === null) throw refusedKey(form, key, "ERR_INVALID_ARG_TYPE");
  if (type === "public" && "d" in key) throw refusedKeyAs(form, A_PRIVATE_KEY);
  return attempt(form, key, () => create(type, { key: key as JsonWebKey, format: "jwk" }));
}

const A_PRIVATE_KEY = "a private key (importPrivateKey(key).publicKey has its public half)";

type TextKey = { key: string | Buffer; format: "pem" } | { key: JsonWebKey; format: "jwk" };

function create(type: KeyType, input: TextKey): KeyObject {
  const crypto = nodeCrypto();
  return type === "private" ? crypto.createPrivateKey(input) : crypto.createPublicKey(input);
}

/** The bytes of `key` in place, not a copy that would have to be zeroed. */
function bytesOf(key: unknown): Buffer {
  const view = toView(key, 0, "key");
  if (isDetached(view)) throw detachedError(0, "key");
  return Buffer.from(view.buffer, view.byteOffset, view.byteLength);
}

function attempt<T>(form: string, key: unknown, action: () => T): T {
  try {
    return action();
  } catch {
    throw refusedKey(form, key);
  }
}
