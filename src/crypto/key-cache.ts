import type { KeyObject } from "node:crypto";
import { isKeyObject } from "node:util/types";
import { hash } from "./hash.js";

/** Keys of one type kept parsed at most: a service uses few, and each is some KiB of memory. */
const MAX_PEM_KEYS = 64;

/**
 * Keys that callers pass in again and again, parsed once. Texts are remembered by their SHA-256, so
 * that no PEM of a private key stays in JavaScript's memory; the parsed key does, in OpenSSL's,
 * until MAX_PEM_KEYS others have been used since. A KeyObject's parsed key lives as long as it does.
 */
export class KeyCache<Key> {
  readonly #parse: (key: string | KeyObject) => Key;
  readonly #byText = new Map<string, Key>();
  readonly #byObject = new WeakMap<KeyObject, Key>();

  constructor(parse: (key: string | KeyObject) => Key) {
    this.#parse = parse;
  }

  /** The parsed key. What cannot be parsed is refused by the parser, and not remembered. */
  get(key: string | KeyObject): Key {
    if (typeof key === "string") return this.#fromText(key);
    if (!isKeyObject(key)) return this.#parse(key);
    const known = this.#byObject.get(key);
    if (known !== undefined) return known;
    const parsed = this.#parse(key);
    this.#byObject.set(key, parsed);
    return parsed;
  }

  #fromText(text: string): Key {
    const fingerprint = hash("sha256", text, "base64");
    const parsed = this.#byText.get(fingerprint) ?? this.#parse(text);
    // A Map iterates in the order of insertion: the first key is the one unused for longest.
    this.#byText.delete(fingerprint);
    this.#byText.set(fingerprint, parsed);
    if (this.#byText.size > MAX_PEM_KEYS) {
      const [oldest = fingerprint] = this.#byText.keys();
      this.#byText.delete(oldest);
    }
    return parsed;
  }
}
