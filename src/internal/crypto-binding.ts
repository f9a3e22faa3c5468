/** The native half of `nearfar/crypto`. `native/addon/crypto.cpp` is the other half of this contract. */
export interface CryptoBinding {
  /** The functions, or the sentence that says why this process's libcrypto cannot serve them. */
  readonly digests: DigestBinding | string;
  readonly signatures: SignatureBinding | string;
}

/**
 * Digests. JavaScript writes `index * 4 + encoding` (hex 0, base64 1, base64url 2) to the one
 * uint32 of `request` before it calls `hash` or `hashInto`.
 *
 * A failure is an Error with a `code` of `native/core/errors.cpp`.
 */
export interface DigestBinding {
  readonly request: ArrayBuffer;
  /** The index of an algorithm; `size` is its digest's length in bytes. Throws if it is unknown. */
  fetchDigest(name: string, size: number): number;
  /** Undefined for a view of no bytes: whether it has lost its memory is for JavaScript to tell. */
  hash(data: string | ArrayBufferView): string | undefined;
  /** False, with nothing written, for a view of no bytes. */
  hashInto(data: string | ArrayBufferView, out: ArrayBufferView): false | undefined;
}

/** A parsed key in native memory, freed when this object is collected. */
export interface NativeKey {
  readonly nativeKey?: never;
}

export interface SignatureBinding {
  readPrivateKey(pkcs8: Uint8Array): NativeKey;
  readPublicKey(spki: Uint8Array): NativeKey;
  /** `out` has at least 72 bytes. Returns how many of them are the signature. */
  sign(key: NativeKey, data: string | ArrayBufferView, out: Uint8Array): number;
  verify(key: NativeKey, data: string | ArrayBufferView, signature: ArrayBufferView): boolean;
}
