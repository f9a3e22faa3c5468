import {
  algorithms,
  generateKeyPair,
  hash,
  hashMany,
  hmac,
  importPrivateKey,
  type KeyAlgorithm,
  type KeyInput,
  merkleRoot,
  type SignOptions,
  sign,
  signMany,
  type VerifyOptions,
  verify,
  verifyMany,
} from "../../crypto/index.js";
import { plainView } from "../schema/special-codecs.js";

type Data = string | Uint8Array;

/** What may be needed to read a key. */
interface KeyOptions {
  /** Of a raw key. Default Ed25519. */
  readonly algorithm?: KeyAlgorithm;
  /** Of an encrypted private key. */
  readonly passphrase?: Data;
}

interface CryptoFunction {
  readonly call: (...args: never[]) => unknown;
  /** What nearfar/crypto calls an argument, by the parameter names of the service. */
  readonly labels: Readonly<Record<string, string>>;
}

const KEY = "argument 1 (key)";
const HASHING = {
  "argument 1 (algorithm)": "algorithm",
  "argument 3 (outputLength)": "output_length",
};
const HASHING_MANY = { ...HASHING, "argument 2 (inputs": "inputs" };

/**
 * The functions of CryptoService, by their names. They work with either backend of nearfar/crypto:
 * near with the native one, and as the handlers of a server with whichever it has.
 */
export const CRYPTO_FUNCTIONS = {
  hash_data: {
    call: (data: Data, algorithm?: string, outputLength?: number): string =>
      outputLength === undefined
        ? hash(algorithm ?? DEFAULT_HASH, data)
        : hash(algorithm ?? DEFAULT_HASH, data, { outputLength }),
    labels: { ...HASHING, "argument 2 (data)": "data" },
  },
  hash_many: {
    call: (inputs: Data[], algorithm?: string, outputLength?: number): string[] =>
      hashMany(algorithm ?? DEFAULT_HASH, inputs, sized(outputLength)),
    labels: HASHING_MANY,
  },
  merkle_root: {
    call: (inputs: Data[], algorithm?: string): string =>
      merkleRoot(algorithm ?? DEFAULT_HASH, inputs),
    labels: HASHING_MANY,
  },
  hmac_data: {
    call: (data: Data, key: Data, algorithm?: string): string =>
      hmac(algorithm ?? DEFAULT_HASH, key, data),
    labels: { ...HASHING, "argument 2 (key)": "key", "argument 3 (data)": "data" },
  },
  algorithms: {
    call: () =>
      algorithms().map(({ name, size, blockSize, extendable, legacy }) => ({
        name,
        size,
        block_size: blockSize,
        extendable,
        legacy,
      })),
    labels: {},
  },
  generate_key_pair: {
    call: (algorithm: KeyAlgorithm = "ed25519") => {
      const { privateKey, publicKey } = generateKeyPair(algorithm);
      return {
        private_key: privateKey.export({ format: "pem" }),
        public_key: publicKey.export({ format: "pem" }),
      };
    },
    labels: { "argument 1 (algorithm)": "algorithm" },
  },
  derive_public_key: {
    call: (key: Data, options: KeyOptions = {}): string => {
      const { key: document, ...rest } = keyInput(key, options);
      return importPrivateKey(document, rest).publicKey.export({ format: "pem" });
    },
    labels: { [KEY]: "private_key" },
  },
  sign_data: {
    call: (data: Data, key: Data, options: SignOptions & KeyOptions = {}): Uint8Array => {
      const { algorithm, passphrase, ...rest } = options;
      return plainView(sign(keyInput(key, { algorithm, passphrase }), data, rest));
    },
    labels: { [KEY]: "private_key", "argument 2 (data)": "data" },
  },
  sign_many: {
    call: (inputs: Data[], key: Data, options: SignOptions & KeyOptions = {}): Uint8Array[] => {
      const { algorithm, passphrase, ...rest } = options;
      return signMany(keyInput(key, { algorithm, passphrase }), inputs, rest).map(plainView);
    },
    labels: { [KEY]: "private_key", "argument 2 (inputs": "inputs" },
  },
  verify_signature: {
    call: (
      data: Data,
      signature: Uint8Array,
      key: Data,
      options: VerifyOptions & Pick<KeyOptions, "algorithm"> = {},
    ): boolean => {
      const { algorithm, ...rest } = options;
      return verify(keyInput(key, { algorithm }), data, signature, rest);
    },
    labels: {
      [KEY]: "public_key",
      "argument 2 (data)": "data",
      "argument 3 (signature)": "signature",
    },
  },
  verify_many: {
    call: (
      inputs: Data[],
      signatures: Uint8Array[],
      key: Data,
      options: VerifyOptions & Pick<KeyOptions, "algorithm"> = {},
    ): boolean[] => {
      const { algorithm, ...rest } = options;
      return verifyMany(keyInput(key, { algorithm }), inputs, signatures, rest);
    },
    labels: {
      [KEY]: "public_key",
      "argument 2 (inputs": "inputs",
      "argument 3 (signatures": "signatures",
    },
  },
} as const satisfies Record<string, CryptoFunction>;

export type CryptoSymbol = keyof typeof CRYPTO_FUNCTIONS;

const DEFAULT_HASH = "SHA256";

function sized(outputLength: number | undefined): { outputLength?: number } {
  return outputLength === undefined ? {} : { outputLength };
}

/** Text is PEM; bytes are a raw key, of Ed25519 unless another algorithm is named. */
function keyInput(key: Data, { algorithm, passphrase }: Loose<KeyOptions>): KeyInput {
  if (typeof key !== "string") return { key, format: "raw", algorithm: algorithm ?? "ed25519" };
  return {
    key,
    ...(algorithm !== undefined && { algorithm }),
    ...(passphrase !== undefined && { passphrase }),
  };
}

/** Properties that are undefined count as left out. */
type Loose<T> = { readonly [K in keyof T]?: T[K] | undefined };
