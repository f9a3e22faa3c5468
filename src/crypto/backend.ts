import type { KeyObject } from "node:crypto";
import type { Input, View } from "./data.js";

/** Encodings of a digest as text. */
export type TextEncoding = "hex" | "base64" | "base64url";

/** A hash algorithm that a backend has. */
export interface Digest {
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  readonly extendable: boolean;
  /** How the backend that fetched it knows it. */
  readonly index: number;
}

/** A private key, ready for use. Signatures are Ed25519, or ECDSA with SHA-256 in DER. */
export interface Signer {
  sign(data: Input): Buffer;
}

/** A public key, ready for use. A malformed signature is false, not an error. */
export interface Verifier {
  verify(data: Input, signature: View): boolean;
}

/**
 * Who does the work. Both backends take the same input and give the same results. They throw when
 * libcrypto fails and when memory is detached or too short; the callers word those errors.
 */
export interface CryptoBackend {
  readonly name: "native" | "node";
  /** Undefined if libcrypto has no such algorithm here. */
  fetchDigest(name: string, size: number, extendable: boolean): Digest | undefined;
  hash(digest: Digest, data: Input, encoding: TextEncoding): string;
  /** Writes `digest.size` bytes. */
  hashInto(digest: Digest, data: Input, out: View): void;
  createSigner(key: KeyObject): Signer;
  createVerifier(key: KeyObject): Verifier;
}
