export type { DigestName, HashAlgorithm } from "./algorithms.js";
export type { TextEncoding } from "./backend.js";
export { backend } from "./current-backend.js";
export type { Bytes, Data } from "./data.js";
export { algorithms } from "./digests.js";
export { type HashEncoding, hash, hashInto, hashMany } from "./hash.js";
export { generateKeyPair, type KeyPair } from "./key-generation.js";
export {
  type ImportableKey,
  type ImportKeyOptions,
  importPrivateKey,
  importPublicKey,
} from "./key-import.js";
export type { KeyFormat } from "./key-parsing.js";
export type { KeyDescription, PrivateKey, PublicKey } from "./keys.js";
export { type SigningKey, sign, type VerifyingKey, verify } from "./sign.js";
export type { KeyAlgorithm } from "./signature-algorithms.js";
