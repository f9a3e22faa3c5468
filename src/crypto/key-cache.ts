import type { JsonWebKey, KeyObject } from "node:crypto";
import { isAnyArrayBuffer, isKeyObject } from "node:util/types";
import type { Bytes } from "./data.js";
import { hash } from "./hash.js";
import type { ImportKeyOptions } from "./key-import.js";

/** A key and what is needed to parse it, as `node:crypto` takes them, too. */
export interface KeyInput extends ImportKeyOptions {
  readonly key: string | Bytes;
}

/** Keys of one type kept parsed at most: a service uses few, and each is some KiB of memory. */
const MAX_KEYS = 64;

/**
 * Keys that callers pass in again and again, parsed once. Texts and bytes are remembered by their
 * SHA-256, so that nothing of a private key stays in JavaScript's memory; the parsed key does, in
 * OpenSSL's, until MAX_KEYS others have been used since. A KeyObject's parsed key lives as long as
 * it does. A JWK is parsed each time.
 */
export class KeyCache<Key> {
  readonly #parse: (key: string | Bytes | KeyObject, options?: ImportKeyOptions) => Key;
  readonly #byText = new Map<string, Key>();
  readonly #byObject = new WeakMap<KeyObject, Key>();

  constructor(parse: (key: string | Bytes | KeyObject, options?: ImportKeyOptions) => Key) {
    this.#parse = parse;
  }

  /** The parsed key. What cannot be parsed is refused by the parser, and not remembered. */
  get(key: string | KeyObject | KeyInput | JsonWebKey): Key {
    if (typeof key === "string") {
      return this.#remember(hash("sha256", key, "base64"), () => this.#parse(key));
    }
    if (isKeyObject(key)) return this.#fromObject(key);
    if (!isKeyInput(key)) return this.#parse(key as never);
    const { key: document, ...options } = key;
    const fingerprint = fingerprintOf(document, options);
    const parse = () => this.#parse(document, options);
    return fingerprint === undefined ? parse() : this.#remember(fingerprint, parse);
  }

  #fromObject(key: KeyObject): Key {
    const known = this.#byObject.get(key);
    if (known !== undefined) return known;
    const parsed = this.#parse(key);
    this.#byObject.set(key, parsed);
    return parsed;
  }

  #remember(fingerprint: string, parse: () => Key): Key {
    const parsed = this.#byText.get(fingerprint) ?? parse();
    // A Map iterates in the order of insertion: the first key is the one unused for longest.
    this.#byText.delete(fingerprint);
    this.#byText.set(fingerprint, parsed);
    if (this.#byText.size > MAX_KEYS) {
      const [oldest = fingerprint] = this.#byText.keys();
      this.#byText.delete(oldest);
    }
    return parsed;
  }
}

function isKeyInput(value: object): value is KeyInput {
  return typeof value === "object" && value !== null && "key" in value;
}

/**
 * One text for a key and its options, the passphrase included: who does not know it must not find
 * the key. Undefined for what the parser has to refuse, or to see itself.
 */
function fingerprintOf(key: unknown, options: ImportKeyOptions): string | undefined {
  const { format, algorithm, passphrase = "", ...unknown } = options;
  if (Object.keys(unknown).length > 0) return undefined;
  const parts = [key, passphrase].map(bytesOf);
  if (parts[0] === undefined || parts[1] === undefined) return undefined;
  const [document, secret] = parts;
  const header = `${typeof key} ${format} ${algorithm} ${options.passphrase !== undefined}`;
  const all = Buffer.concat([Buffer.from(`${header} ${secret.length}\n`), secret, document]);
  try {
    // Another prefix than that of PEM without options, whose base64 has no colon.
    return `input:${hash("sha256", all, "base64")}`;
  } finally {
    for (const part of [all, secret, document]) part.fill(0);
  }
}

/** A copy, to be zeroed. */
function bytesOf(value: unknown): Buffer | undefined {
  if (typeof value === "string") return Buffer.from(value, "utf8");
  try {
    if (isAnyArrayBuffer(value)) return Buffer.from(new Uint8Array(value));
    if (!ArrayBuffer.isView(value)) return undefined;
    return Buffer.from(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
  } catch {
    return undefined; // Detached.
  }
}
