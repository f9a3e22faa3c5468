import { type CryptoSymbol, checkedFunction } from "../service/crypto-library.js";
import { defineService } from "../service/define-service.js";
import { t } from "../service/schema/t.js";

const data = t.param("data", t.data());

/**
 * Hashes, signs and verifies: near by the native half of `nearfar/crypto`, far by a server with
 * either half.
 *
 * All three methods are idempotent. Signing changes nothing, so a repeated `sign_data` does no
 * harm; with ECDSA the repetition is another valid signature, with Ed25519 it is the same.
 */
export const CryptoService = defineService({
  name: "CryptoService",
  api: "both",
  trust: "hybrid",
  methods: {
    hash_data: {
      description: "The digest of data in hexadecimal; the algorithm is SHA256 unless named.",
      parameters: [data, t.param("algorithm", t.optional(t.string()))],
      result: t.string(),
      native: { library: "nearfar:crypto", symbol: "hash_data" },
      idempotent: true,
      handler: (...args) => portable("hash_data", args) as string,
    },
    sign_data: {
      description: "A signature of data. The private key is PEM text, or 32 bytes for Ed25519.",
      parameters: [data, t.param("private_key", t.data())],
      result: t.bytes(),
      native: { library: "nearfar:crypto", symbol: "sign_data" },
      idempotent: true,
      handler: (...args) => portable("sign_data", args) as Uint8Array,
    },
    verify_signature: {
      description: "Whether a signature of data was made with the private half of a key.",
      parameters: [data, t.param("signature", t.bytes()), t.param("public_key", t.data())],
      result: t.boolean(),
      native: { library: "nearfar:crypto", symbol: "verify_signature" },
      idempotent: true,
      handler: (...args) => portable("verify_signature", args) as boolean,
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
