import { createHasher } from "../crypto/index.js";
import type { CryptoSymbol } from "../service/crypto/crypto-functions.js";
import { checkedFunction } from "../service/crypto/crypto-library.js";
import { defineService } from "../service/define-service.js";
import { t } from "../service/schema/t.js";

/** Signatures of one call at most: some thousand are seconds of work, for which others wait. */
const MAX_SIGNATURES = 1024;

const data = t.param("data", t.data());
const inputs = t.param("inputs", t.array(t.data()));
const signedInputs = t.param("inputs", t.array(t.data(), { maxItems: MAX_SIGNATURES }));
const hashAlgorithm = t.param("algorithm", t.optional(t.string()));
const outputLength = t.param("output_length", t.optional(t.uint32({ minimum: 1 })));
const keyAlgorithm = t.enum([
  "ed25519",
  "ed448",
  "p256",
  "p384",
  "p521",
  "secp256k1",
  "rsa",
  "rsa-pss",
]);
const privateKey = t.param("private_key", t.data());
const publicKey = t.param("public_key", t.data());

/** What may be needed to read a private key: the algorithm of a raw one, or a passphrase. */
const keyOptions = {
  algorithm: t.optional(keyAlgorithm),
  passphrase: t.optional(t.data()),
};

/** The options of `sign` and `verify` of nearfar/crypto. */
const signatureOptions = {
  hash: t.optional(t.string()),
  dsaEncoding: t.optional(t.enum(["der", "ieee-p1363"])),
  lowS: t.optional(t.boolean()),
  padding: t.optional(t.enum(["pkcs1", "pss"])),
};
const signOptions = t.object({
  ...keyOptions,
  ...signatureOptions,
  saltLength: t.optional(t.union([t.uint16(), t.enum(["digest", "max"])])),
});
const verifyOptions = t.object({
  algorithm: t.optional(keyAlgorithm),
  ...signatureOptions,
  saltLength: t.optional(t.union([t.uint16(), t.enum(["digest", "auto"])])),
});

const algorithmInfo = t.object({
  name: t.string(),
  size: t.integer(),
  block_size: t.integer(),
  extendable: t.boolean(),
  legacy: t.boolean(),
});

/**
 * What nearfar/crypto does, near by its native half, far by a server with either half.
 *
 * Digests are in hexadecimal and by SHA256 unless told otherwise. Keys are PEM text, or raw bytes,
 * of Ed25519 unless `options.algorithm` names another. Methods with a secret are confidential:
 * they do not cross a network in clear text. All are idempotent but `generate_key_pair`; signing
 * again does no harm, though with ECDSA and PSS it gives another signature.
 */
export const CryptoService = defineService({
  name: "CryptoService",
  version: "1.1.0",
  api: "both",
  trust: "hybrid",
  methods: {
    hash_data: {
      description: "The digest of data. Data of any size can be uploaded.",
      parameters: [data, hashAlgorithm, outputLength],
      result: t.string(),
      native: { library: "nearfar:crypto", symbol: "hash_data" },
      idempotent: true,
      handler: (...args) => portable("hash_data", args) as string,
      upload: async (body, algorithm = "SHA256", length) => {
        const options = length === undefined ? {} : { outputLength: length };
        const hasher = await createHasher(algorithm, options).updateFrom(body);
        return hasher.digest();
      },
    },
    hash_many: {
      description: "The digests of several inputs, in their order.",
      parameters: [inputs, hashAlgorithm, outputLength],
      result: t.array(t.string()),
      native: { library: "nearfar:crypto", symbol: "hash_many" },
      idempotent: true,
      handler: (...args) => portable("hash_many", args) as string[],
    },
    merkle_root: {
      description: "The root of the hash tree of RFC 9162 over several inputs.",
      parameters: [inputs, hashAlgorithm],
      result: t.string(),
      native: { library: "nearfar:crypto", symbol: "merkle_root" },
      idempotent: true,
      handler: (...args) => portable("merkle_root", args) as string,
    },
    hmac_data: {
      description: "The HMAC of data with a secret key.",
      parameters: [data, t.param("key", t.data()), hashAlgorithm],
      result: t.string(),
      native: { library: "nearfar:crypto", symbol: "hmac_data" },
      idempotent: true,
      confidential: true,
      handler: (...args) => portable("hmac_data", args) as string,
    },
    algorithms: {
      description: "The hash algorithms that exist where the call is answered.",
      parameters: [],
      result: t.array(algorithmInfo),
      native: { library: "nearfar:crypto", symbol: "algorithms" },
      idempotent: true,
      handler: () => portable("algorithms", []) as never,
    },
    generate_key_pair: {
      description: "A new pair of keys in PEM; of Ed25519 unless another algorithm is named.",
      parameters: [t.param("algorithm", t.optional(keyAlgorithm))],
      result: t.object({ private_key: t.string(), public_key: t.string() }),
      native: { library: "nearfar:crypto", symbol: "generate_key_pair" },
      confidential: true,
      handler: (...args) => portable("generate_key_pair", args) as never,
    },
    derive_public_key: {
      description: "The public half of a private key, in PEM.",
      parameters: [privateKey, t.param("options", t.optional(t.object(keyOptions)))],
      result: t.string(),
      native: { library: "nearfar:crypto", symbol: "derive_public_key" },
      idempotent: true,
      confidential: true,
      handler: (...args) => portable("derive_public_key", args) as string,
    },
    sign_data: {
      description: "A signature of data.",
      parameters: [data, privateKey, t.param("options", t.optional(signOptions))],
      result: t.bytes(),
      native: { library: "nearfar:crypto", symbol: "sign_data" },
      idempotent: true,
      confidential: true,
      handler: (...args) => portable("sign_data", args) as Uint8Array,
    },
    sign_many: {
      description: "The signatures of several inputs by one key, in their order.",
      parameters: [signedInputs, privateKey, t.param("options", t.optional(signOptions))],
      result: t.array(t.bytes()),
      native: { library: "nearfar:crypto", symbol: "sign_many" },
      idempotent: true,
      confidential: true,
      handler: (...args) => portable("sign_many", args) as Uint8Array[],
    },
    verify_signature: {
      description: "Whether a signature of data was made with the private half of a key.",
      parameters: [
        data,
        t.param("signature", t.bytes()),
        publicKey,
        t.param("options", t.optional(verifyOptions)),
      ],
      result: t.boolean(),
      native: { library: "nearfar:crypto", symbol: "verify_signature" },
      idempotent: true,
      handler: (...args) => portable("verify_signature", args) as boolean,
    },
    verify_many: {
      description: "The same for several inputs and their signatures, in their order.",
      parameters: [
        signedInputs,
        t.param("signatures", t.array(t.bytes(), { maxItems: MAX_SIGNATURES })),
        publicKey,
        t.param("options", t.optional(verifyOptions)),
      ],
      result: t.array(t.boolean()),
      native: { library: "nearfar:crypto", symbol: "verify_many" },
      idempotent: true,
      handler: (...args) => portable("verify_many", args) as boolean[],
    },
  },
});

const functions = new Map<CryptoSymbol, (...args: unknown[]) => unknown>();

/** The same functions that run near, for a server whose nearfar/crypto runs on node:crypto. */
function portable(symbol: CryptoSymbol, args: readonly unknown[]): unknown {
  const method = CryptoService.definition.methods[symbol];
  if (method === undefined) throw new Error(`CryptoService has no ${symbol}`);
  const known = functions.get(symbol) ?? checkedFunction(symbol, method);
  functions.set(symbol, known);
  return known(...args);
}
