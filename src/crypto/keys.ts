import type { JsonWebKey, KeyObject } from "node:crypto";
import { signatureBackend } from "./current-signatures.js";
import { type ExportKeyOptions, exportKey } from "./key-export.js";
import { nodeCrypto } from "./node-crypto.js";
import type { KeyAlgorithm } from "./signature-algorithms.js";
import type {
  OpenPrivateKey,
  OpenPublicKey,
  SignatureParameters,
  Signer,
  Verifier,
} from "./signature-backend.js";
import {
  resolveSignatureOptions,
  type SignOptions,
  type VerifyOptions,
} from "./signature-options.js";

const inspect = Symbol.for("nodejs.util.inspect.custom");

/** What `console.log` and `JSON.stringify` show of a key. */
export interface KeyDescription {
  readonly type: "private" | "public";
  readonly algorithm: KeyAlgorithm;
}

/** Ways of signing that a key is kept ready for: programs use one or two. */
const MAX_WAYS = 16;

/** A way of signing, for each set of options: made when first needed. */
class Ways<Way> {
  readonly #make: (options: object) => SignatureParameters;
  readonly #prepare: (parameters: SignatureParameters) => Way;
  readonly #known = new Map<string, Way>();
  #default: Way | undefined;

  constructor(
    make: (options: object) => SignatureParameters,
    prepare: (parameters: SignatureParameters) => Way,
  ) {
    this.#make = make;
    this.#prepare = prepare;
  }

  get(options: object | undefined): Way {
    if (options !== undefined) return this.#find(this.#make(options));
    this.#default ??= this.#prepare(this.#make({}));
    return this.#default;
  }

  #find(parameters: SignatureParameters): Way {
    const { hash, padding, saltLength, dsaEncoding, lowS } = parameters;
    const name = `${hash} ${padding} ${saltLength} ${dsaEncoding} ${lowS}`;
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    if (this.#known.size >= MAX_WAYS) this.#known.clear();
    const way = this.#prepare(parameters);
    this.#known.set(name, way);
    return way;
  }
}

let signerOf: (key: PrivateKey, options: SignOptions | undefined) => Signer;
let verifierOf: (key: PublicKey, options: VerifyOptions | undefined) => Verifier;

/**
 * A private key, parsed once. Get one from `generateKeyPair` or `importPrivateKey`.
 *
 * Its bytes are in OpenSSL's memory, which clears them when the key is collected; nothing of them
 * shows in logs, JSON or errors. `export` and `toKeyObject` are the only ways out.
 */
export class PrivateKey {
  readonly algorithm: KeyAlgorithm;
  readonly #keyObject: KeyObject;
  #ways: Ways<Signer> | undefined;
  #publicKey: PublicKey | undefined;

  static {
    signerOf = (key, options) => {
      key.#ways ??= key.#open();
      return key.#ways.get(options);
    };
  }

  /** @internal */
  constructor(keyObject: KeyObject, algorithm: KeyAlgorithm) {
    this.algorithm = algorithm;
    this.#keyObject = keyObject;
  }

  #open(): Ways<Signer> {
    const opened: OpenPrivateKey = signatureBackend.openPrivateKey(this.#keyObject);
    return new Ways(
      (options) => resolveSignatureOptions(this.algorithm, this.#keyObject, options, "max"),
      (parameters) => opened.signer(parameters),
    );
  }

  /** The public half. */
  get publicKey(): PublicKey {
    this.#publicKey ??= new PublicKey(
      nodeCrypto().createPublicKey(this.#keyObject),
      this.algorithm,
    );
    return this.#publicKey;
  }

  /**
   * The key in a form that `importPrivateKey` reads: PKCS#8 in PEM or DER, encrypted if there is a
   * passphrase; raw bytes; a JWK. Bytes are the caller's to clear; texts cannot be.
   *
   * @throws ArgumentError for other options, and for a raw form of an RSA key, which has none
   */
  export(options: ExportKeyOptions & { readonly format: "pem" }): string;
  export(options: ExportKeyOptions & { readonly format: "der" | "raw" }): Buffer;
  export(options: ExportKeyOptions & { readonly format: "jwk" }): JsonWebKey;
  export(options: ExportKeyOptions): string | Buffer | JsonWebKey;
  export(options: ExportKeyOptions): string | Buffer | JsonWebKey {
    return exportKey(this.#keyObject, this.algorithm, options);
  }

  /** The key for `node:crypto`. */
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
  #ways: Ways<Verifier> | undefined;

  static {
    verifierOf = (key, options) => {
      key.#ways ??= key.#open();
      return key.#ways.get(options);
    };
  }

  /** @internal */
  constructor(keyObject: KeyObject, algorithm: KeyAlgorithm) {
    this.algorithm = algorithm;
    this.#keyObject = keyObject;
  }

  #open(): Ways<Verifier> {
    const opened: OpenPublicKey = signatureBackend.openPublicKey(this.#keyObject);
    return new Ways(
      (options) => resolveSignatureOptions(this.algorithm, this.#keyObject, options, "auto"),
      (parameters) => opened.verifier(parameters),
    );
  }

  /**
   * The key in a form that `importPublicKey` reads: SPKI in PEM or DER, raw bytes, a JWK.
   *
   * @throws ArgumentError for other options, and for a raw form of an RSA key, which has none
   */
  export(options: ExportKeyOptions & { readonly format: "pem" }): string;
  export(options: ExportKeyOptions & { readonly format: "der" | "raw" }): Buffer;
  export(options: ExportKeyOptions & { readonly format: "jwk" }): JsonWebKey;
  export(options: ExportKeyOptions): string | Buffer | JsonWebKey;
  export(options: ExportKeyOptions): string | Buffer | JsonWebKey {
    return exportKey(this.#keyObject, this.algorithm, options);
  }

  /** The key for `node:crypto`. */
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

export { signerOf, verifierOf };
