export type { DigestName, HashAlgorithm } from "./algorithms.js";
export type { HashEncoding, TextEncoding } from "./backend.js";
export { backend } from "./current-backend.js";
export type { Bytes, Data } from "./data.js";
export { type AlgorithmInfo, algorithms } from "./digests.js";
export type { FileOptions, FileProgress } from "./file.js";
export { type BufferOptions, hash, hashInto, type TextOptions } from "./hash.js";
export { hashAsync } from "./hash-async.js";
export { type HashFileOptions, hashFile } from "./hash-file.js";
export { hashMany, hashManyAsync, hashManyInto, hashManyIntoAsync } from "./hash-many.js";
export { createHasher, createHmac, type DataSource, type Hasher } from "./hasher.js";
export { type HmacKey, hmac, hmacInto } from "./hmac.js";
export type { KeyInput } from "./key-cache.js";
export type { ExportKeyOptions } from "./key-export.js";
export type { KeyFormat } from "./key-format.js";
export {
  type GenerateKeyPairOptions,
  generateKeyPair,
  generateKeyPairAsync,
  type KeyPair,
} from "./key-generation.js";
export {
  type ImportableKey,
  type ImportKeyOptions,
  importPrivateKey,
  importPublicKey,
} from "./key-import.js";
export type { KeyDescription, PrivateKey, PublicKey } from "./keys.js";
export type { Inputs } from "./many.js";
export { merkleRoot, merkleRootAsync } from "./merkle.js";
export type { AsyncHashOptions, HashOptions } from "./output.js";
export type { Pieces } from "./piece-list.js";
export { type SigningKey, sign, type VerifyingKey, verify } from "./sign.js";
export {
  type AsyncOptions,
  signAsync,
  signManyAsync,
  verifyAsync,
  verifyManyAsync,
} from "./sign-async.js";
export { signMany, verifyMany } from "./sign-many.js";
export type { KeyAlgorithm } from "./signature-algorithms.js";
export type {
  DsaEncoding,
  RsaPadding,
  SignatureOptions,
  SignOptions,
  VerifyOptions,
} from "./signature-options.js";
