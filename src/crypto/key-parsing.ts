import type { JsonWebKey, KeyObject } from "node:crypto";
import {
  ArgumentError,
  type ArgumentErrorCode,
  argumentLabel,
  argumentMessage,
} from "../errors/index.js";
import { requireOneOf } from "../internal/options.js";
import { type Bytes, bytesOf, detachedError, isDetached, toView } from "./data.js";
import { type KeyFormat, requirePassphrase } from "./key-format.js";
import { nodeCrypto } from "./node-crypto.js";
import { rawForm, rawToPkcs8, rawToSpki } from "./raw-keys.js";
import {
  type CurveAlgorithm,
  isRsa,
  KEY_ALGORITHMS,
  type KeyAlgorithm,
  signatureTraits,
} from "./signature-algorithms.js";

export type KeyType = "private" | "public";

/** What a key is parsed with besides its format. */
export interface ParseOptions {
  readonly algorithm: KeyAlgorithm | undefined;
  readonly passphrase: string | Bytes | undefined;
}

/**
 * The key that `key` holds in that format, by `node:crypto`: import is rare, and its parsers are
 * the ones that are looked after. What cannot be read is an ArgumentError that says what is
 * expected; OpenSSL's own reason would tell a caller less.
 */
export function parseKey(
  type: KeyType,
  key: unknown,
  format: KeyFormat,
  { algorithm, passphrase }: ParseOptions,
): KeyObject {
  if (passphrase !== undefined && (type === "public" || format === "raw" || format === "jwk")) {
    throw new ArgumentError("options.passphrase is for private keys in PEM and DER");
  }
  switch (format) {
    case "pem":
      return parsePem(type, key, passphrase);
    case "der":
      return parseDer(type, key, passphrase);
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

const FORMS = {
  private: { pem: "a private key in PEM", der: "a private key in PKCS#8 DER" },
  public: { pem: "a public key in PEM", der: "a public key in SPKI DER" },
} as const satisfies Record<KeyType, unknown>;

/** What a document must be, for messages. */
function documentForm(type: KeyType, format: "pem" | "der", passphrase: unknown): string {
  const form = FORMS[type][format];
  if (type === "public") return form;
  return passphrase === undefined
    ? `${form}, not encrypted unless options.passphrase opens it`
    : `${form} that options.passphrase opens, if it is encrypted`;
}

function parsePem(type: KeyType, key: unknown, passphrase: unknown): KeyObject {
  const pem = typeof key === "string" ? key : bufferOf(key);
  // node:crypto would derive the public key: a caller who mixes the two up should know.
  if (type === "public" && pem.includes("PRIVATE KEY-----")) {
    throw refusedKeyAs(FORMS.public.pem, A_PRIVATE_KEY);
  }
  const secret = passphrase === undefined ? {} : { passphrase: requirePassphrase(passphrase) };
  return attempt(documentForm(type, "pem", passphrase), key, () =>
    create(type, { key: pem, format: "pem", ...secret }),
  );
}

function parseDer(type: KeyType, key: unknown, passphrase: unknown): KeyObject {
  const bytes = bufferOf(key);
  const secret = passphrase === undefined ? {} : { passphrase: requirePassphrase(passphrase) };
  return attempt(documentForm(type, "der", passphrase), key, () => createDer(type, bytes, secret));
}

function createDer(type: KeyType, key: Buffer, secret: object = {}): KeyObject {
  const crypto = nodeCrypto();
  return type === "private"
    ? crypto.createPrivateKey({ key, format: "der", type: "pkcs8", ...secret })
    : crypto.createPublicKey({ key, format: "der", type: "spki" });
}

function parseRaw(type: KeyType, key: unknown, algorithm: KeyAlgorithm | undefined): KeyObject {
  const bytes = keyBytes(key);
  requireRawAlgorithm(algorithm);
  const form = `${rawForm(algorithm, type)} for ${signatureTraits(algorithm).title}`;
  const der = type === "private" ? rawToPkcs8(algorithm, bytes) : rawToSpki(algorithm, bytes);
  if (der === undefined) throw refusedKey(form, key);
  try {
    return attempt(form, key, () => createDer(type, der));
  } finally {
    der.fill(0);
  }
}

function requireRawAlgorithm(
  algorithm: KeyAlgorithm | undefined,
): asserts algorithm is CurveAlgorithm {
  const allowed = KEY_ALGORITHMS.filter((name) => !isRsa(name));
  requireOneOf(algorithm, "options.algorithm, for a raw key,", allowed);
}

function parseJwk(type: KeyType, key: unknown): KeyObject {
  const form = `a ${type} key as JWK`;
  if (typeof key !== "object" || key === null) throw refusedKey(form, key, "ERR_INVALID_ARG_TYPE");
  if (type === "public" && "d" in key) throw refusedKeyAs(form, A_PRIVATE_KEY);
  return attempt(form, key, () => create(type, { key: key as JsonWebKey, format: "jwk" }));
}

const A_PRIVATE_KEY = "a private key (importPrivateKey(key).publicKey has its public half)";

type TextKey =
  | { key: string | Buffer; format: "pem"; passphrase?: string | Buffer }
  | { key: JsonWebKey; format: "jwk" };

function create(type: KeyType, input: TextKey): KeyObject {
  const crypto = nodeCrypto();
  return type === "private" ? crypto.createPrivateKey(input) : crypto.createPublicKey(input);
}

/**
 * The bytes of `key` in place, not a copy that would have to be zeroed. To ask a small array for
 * its buffer would be one: V8 moves it out of its heap and leaves the bytes there.
 */
function keyBytes(key: unknown): Uint8Array {
  const view = toView(key, 0, "key");
  if (isDetached(view)) throw detachedError(0, "key");
  return bytesOf(view);
}

/** The same, as node:crypto takes it. */
function bufferOf(key: unknown): Buffer {
  const bytes = keyBytes(key);
  return Buffer.isBuffer(bytes)
    ? bytes
    : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function attempt<T>(form: string, key: unknown, action: () => T): T {
  try {
    return action();
  } catch {
    throw refusedKey(form, key);
  }
}
