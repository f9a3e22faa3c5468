/**
 * The native half of `nearfar/crypto`. `native/addon/crypto.cpp` is the other half of this
 * contract.
 */
export interface CryptoBinding {
  /** The functions, or the sentence that says why this process's libcrypto cannot serve them. */
  readonly digests: DigestBinding | string;
  readonly signatures: SignatureBinding | string;
}

/**
 * Digests. JavaScript writes two uint32 to `request` before it calls what speaks of `request`:
 * `index * 4 + encoding` (hex 0, base64 1, base64url 2, bytes 3) and how many bytes the digest has.
 *
 * A failure is an Error with a `code` of `native/core/errors.cpp`.
 */
export interface DigestBinding {
  readonly request: ArrayBuffer;
  /** The index of an algorithm. Throws if libcrypto has none of that name and those sizes. */
  fetchDigest(name: string, size: number, blockSize: number): number;
  /**
   * The text of a digest of up to 64 bytes, as in `request`. Undefined for a view of no bytes:
   * whether it has lost its memory is for JavaScript to tell.
   */
  hash(data: string | ArrayBufferView): string | undefined;
  /** As in `request`. False, with nothing written, for a view of no bytes. */
  hashInto(data: string | ArrayBufferView, out: ArrayBufferView): false | undefined;

  /** A hasher of the digest in `request` or, with a key, of its HMAC. */
  createHasher(key: string | ArrayBufferView | undefined): NativeHasher;
  /** One that is finished begins anew, as `createHasher` does it. */
  restartHasher(hasher: NativeHasher, key: string | ArrayBufferView | undefined): void;
  releaseHasher(hasher: NativeHasher): void;
  updateHasher(hasher: NativeHasher, data: string | ArrayBufferView): void;
  /** Writes as many bytes as `request` says. */
  finishHasher(hasher: NativeHasher, out: ArrayBufferView): void;
  copyHasher(hasher: NativeHasher): NativeHasher;
  /** HMAC at once, of the digest in `request`. */
  hmacInto(
    key: string | ArrayBufferView,
    data: string | ArrayBufferView,
    out: ArrayBufferView,
  ): void;
  /** On the thread pool. Undefined if the memory cannot be pinned: then nothing happens. */
  updateInBackground(hasher: NativeHasher, bytes: Uint8Array): Promise<number> | undefined;
  /** On the thread pool; gives the bytes read, fewer only at the file's end. */
  updateFromFile(
    hasher: NativeHasher,
    descriptor: number,
    position: number,
    length: number,
  ): Promise<number>;

  /**
   * The digests of `count` pieces of `data`, as in `request`, one after the other: between
   * `offsets` or, without them, records of `recordSize`. `isLeaf` puts the prefix of a hash tree's
   * leaf before each. Gives -1, or the index of a piece whose offsets were refused.
   */
  hashPieces(
    data: Uint8Array,
    offsets: Float64Array | undefined,
    recordSize: number,
    count: number,
    isLeaf: boolean,
    out: Uint8Array,
  ): number;
  /** The root of a hash tree over `count` digests takes the place of the first. */
  reduceTree(digests: Uint8Array, count: number): void;
  /**
   * As `hashPieces`, in bytes, by all threads of the pool. Undefined if the memory cannot be
   * pinned: then nothing happens.
   */
  hashPiecesInBackground(
    data: Uint8Array,
    offsets: Float64Array | undefined,
    recordSize: number,
    count: number,
    isLeaf: boolean,
    out: Uint8Array,
  ): Promise<number> | undefined;
  /** As `reduceTree`, likewise. */
  reduceTreeInBackground(digests: Uint8Array, count: number): Promise<number> | undefined;
}

/** A digest in progress, in native memory, by its index there; given back by `releaseHasher`. */
export type NativeHasher = number;

/** A parsed key in native memory, freed when this object is collected. */
export interface NativeKey {
  readonly nativeKey?: never;
}

/** A key made ready to sign or verify in one way, in native memory as well. */
export interface NativeOperation {
  /** The most bytes a signature has. */
  readonly signatureBytes: number;
}

export interface SignatureBinding {
  readPrivateKey(pkcs8: Uint8Array): NativeKey;
  readPublicKey(spki: Uint8Array): NativeKey;
  /**
   * `padding` (0 none, 1 PKCS#1 v1.5, 2 PSS) and `saltLength` (-1 as the digest, -2 any) are RSA's,
   * `encoding` (0 DER, 1 IEEE P1363) and `lowS` ECDSA's. Others ignore them.
   */
  prepareOperation(
    key: NativeKey,
    digest: string | undefined,
    padding: number,
    saltLength: number,
    encoding: number,
    lowS: boolean,
  ): NativeOperation;
  /** `out` has at least `signatureBytes`. Returns how many of them are the signature. */
  sign(operation: NativeOperation, data: string | ArrayBufferView, out: Uint8Array): number;
  verify(
    operation: NativeOperation,
    data: string | ArrayBufferView,
    signature: ArrayBufferView,
  ): boolean;
  /**
   * Signs if there is a `stride`: then `out` receives a signature every so many bytes, and
   * `lengths` how long each is. Otherwise verifies, and `out` receives a byte for each, 1 for yes.
   * On many threads; in the background with a promise, and then nobody else may use any of the
   * memory.
   */
  runBatch(request: NativeBatch, stride: number, background: boolean): Promise<void> | undefined;
}

export type NativeBatch = readonly [
  operations: readonly NativeOperation[],
  inputs: readonly ArrayBufferView[],
  signatures: readonly ArrayBufferView[] | undefined,
  out: Uint8Array,
  lengths: Uint32Array,
];
