import type { KeyObject } from "node:crypto";
import type { Input, View } from "./data.js";
import type { DsaEncoding, RsaPadding, SignatureHash } from "./signature-options.js";

/** The way in which a key signs, every value filled in. */
export interface SignatureParameters {
  /** Undefined for the Edwards curves. */
  readonly hash: SignatureHash | undefined;
  /** Undefined unless the key is an RSA key. */
  readonly padding: RsaPadding | undefined;
  /** Of PSS: bytes, or -2 for any. */
  readonly saltLength: number;
  readonly dsaEncoding: DsaEncoding;
  readonly lowS: boolean;
}

/** A private key, ready to sign in one way. */
export interface Signer {
  sign(data: Input): Buffer;
}

/** A public key, ready to verify in one way. A malformed signature is false, not an error. */
export interface Verifier {
  verify(data: Input, signature: View): boolean;
}

export interface SignItem {
  readonly signer: Signer;
  readonly data: View;
}

export interface VerifyItem {
  readonly verifier: Verifier;
  readonly data: View;
  readonly signature: View;
}

/** A parsed key, which is made ready for each way of signing once. */
export interface OpenPrivateKey {
  signer(parameters: SignatureParameters): Signer;
}

export interface OpenPublicKey {
  verifier(parameters: SignatureParameters): Verifier;
}

/**
 * Who signs and verifies. Both backends take the same input and give the same results. They throw
 * when libcrypto fails; the callers word those errors. Memory given to `signMany` and `verifyMany`
 * is attached; to the asynchronous ones it belongs until they are done.
 */
export interface SignatureBackend {
  openPrivateKey(key: KeyObject): OpenPrivateKey;
  openPublicKey(key: KeyObject): OpenPublicKey;
  signMany(items: readonly SignItem[]): Buffer[];
  verifyMany(items: readonly VerifyItem[]): boolean[];
  signManyAsync(items: readonly SignItem[]): Promise<Buffer[]>;
  verifyManyAsync(items: readonly VerifyItem[]): Promise<boolean[]>;
}
