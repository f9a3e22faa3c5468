import type { KeyObject } from "node:crypto";
import type { Signer, Verifier } from "./backend.js";
import { cryptoBackend } from "./current-backend.js";
import { nodeCrypto } from "./node-crypto.js";
import type { KeyAlgorithm } from "./signature-algorithms.js";

const inspect = Symbol.for("nodejs.util.inspect.custom");

/** What `console.log` and `JSON.stringify` show of a key. */
export interface KeyDescription {
  readonly type: "private" | "public";
  readonly algorithm: KeyAlgorithm;
}

let openSigner: (key: PrivateKey) => Signer;
let openVerifier: (key: PublicKey) => Verifier;

/**
 * A private key, parsed once. Get one from `generateKeyPair` or `importPrivateKey`.
 *
 * Its bytes are in OpenSSL's memory, which clears them when the key is collected; nothing of them
 * shows in logs, JSON or errors. `toKeyObject` is the only way out.
 */
export class PrivateKey {
  readonly algorithm: KeyAlgorithm;
  readonly #keyObject: KeyObject;
  #signer: Signer | undefined;
  #publicKey: PublicKey | undefined;

  static {
    openSigner = (key) => {
      key.#signer ??= cryptoBackend.createSigner(key.#keyObject);
      return key.#signer;
    };
  }

  /** @internal */
  constructor(keyObject: KeyObject, algorithm: KeyAlgorithm) {
    this.algorithm = algorithm;
    this.#keyObject = keyObject;
  }

  /** The public half. */
  get publicKey(): PublicKey {
    this.#publicKey ??= new PublicKey(
      nodeCrypto().createPublicKey(this.#keyObject),
      this.algorithm,
    );
    return this.#publicKey;
  }

  /** The key for `node:crypto`, whose `export` gives PEM, DER and JWK. */
  toKeyObject(): KeyObject {
    return this.#keyObject;
  }

  toJSON(): KeyDescription {
    return { type: "private", algorithm: this.algorithm };
  }

  [inspect](): string {
    return `PrivateKey { algorithm: '${this.algorithm}' }`;
  }
}

/** A public key, parsed once. Get one from `generateKeyPair` or `importPublicKey`. */
export class PublicKey {
  readonly algorithm: KeyAlgorithm;
  readonly #keyObject: KeyObject;
  #verifier: Verifier | undefined;

  static {
    openVerifier = (key) => {
      key.#verifier ??= cryptoBackend.createVerifier(key.#keyObject);
      return key.#verifier;
    };
  }

  /** @internal */
  constructor(keyObject: KeyObject, algorithm: KeyAlgorithm) {
    this.algorithm = algorithm;
    this.#keyObject = keyObject;
  }

  /** The key for `node:crypto`, whose `export` gives PEM, DER and JWK. */
  toKeyObject(): KeyObject {
    return this.#keyObject;
  }

  toJSON(): KeyDescription {
    return { type: "public", algorithm: this.algorithm };
  }

  [inspect](): string {
    return `PublicKey { algorithm: '${this.algorithm}' }`;
  }
}

export { openSigner, openVerifier };
