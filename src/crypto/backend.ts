import type { Input, View } from "./data.js";

/** Encodings of a digest as text. */
export type TextEncoding = "hex" | "base64" | "base64url";

/** What a digest is returned as. Base64 is padded, base64url is not, as in Node. */
export type HashEncoding = TextEncoding | "buffer";

/** A hash algorithm that a backend has, with the size of the digest that is wanted of it. */
export interface Digest {
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** Bytes that are processed at a time. */
  readonly blockSize: number;
  readonly extendable: boolean;
  /** How the backend that fetched it knows it. */
  readonly index: number;
}

/** A digest, or an HMAC, of what comes in pieces. */
export interface HashState {
  update(data: Input): void;
  /** Writes as many bytes as the digest has. Nothing can be done with it afterwards. */
  finish(out: View): void;
  copy(): HashState;
  /** As `update`, on another thread and in place; undefined where that cannot be. */
  updateInBackground(bytes: Uint8Array): Promise<unknown> | undefined;
  /** Hashes a part of an open file; gives the bytes read, fewer only at the file's end. */
  updateFromFile(descriptor: number, position: number, length: number): Promise<number> | undefined;
}

/** Pieces of one block of memory: between offsets or, without them, records of one size. */
export interface PieceList {
  readonly data: Uint8Array;
  /** One more than there are pieces. */
  readonly offsets: Float64Array | undefined;
  readonly recordSize: number;
  readonly count: number;
}

/** What `hashPieces` returns when it refused no piece. */
export const ALL_HASHED = -1;

/**
 * Who hashes. Both backends take the same input and give the same results. They throw when
 * libcrypto fails and when memory is detached or too short; the callers word those errors.
 */
export interface DigestBackend {
  /** Undefined if libcrypto has no such algorithm here. */
  fetchDigest(
    name: string,
    size: number,
    blockSize: number,
    extendable: boolean,
  ): Digest | undefined;
  /** For digests of up to MAX_TEXT_DIGEST bytes. */
  hash(digest: Digest, data: Input, encoding: TextEncoding): string;
  /** Writes `digest.size` bytes. */
  hashInto(digest: Digest, data: Input, out: View): void;
  /** HMAC at once; `digest` is not extendable. */
  hmacInto(digest: Digest, key: Input, data: Input, out: View): void;
  /** With a key, of an HMAC. */
  createState(digest: Digest, key?: Input): HashState;
  /**
   * Writes the digests of all pieces, one after the other, as bytes or as text of up to
   * MAX_TEXT_DIGEST bytes each. `isLeaf`: as leaves of a hash tree. Returns ALL_HASHED, or the
   * index of a piece whose offsets are no integers, do not rise, or leave the data.
   */
  hashPieces(
    digest: Digest,
    pieces: PieceList,
    isLeaf: boolean,
    encoding: HashEncoding,
    out: Buffer,
  ): number;
  /** The root of a hash tree over `count` digests takes the place of the first. */
  reduceTree(digest: Digest, digests: Uint8Array, count: number): void;
  /** As `hashPieces`, as bytes, on several threads; undefined where that cannot be. */
  hashPiecesInBackground(
    digest: Digest,
    pieces: PieceList,
    isLeaf: boolean,
    out: Buffer,
  ): Promise<number> | undefined;
  /** As `reduceTree`, likewise. */
  reduceTreeInBackground(
    digest: Digest,
    digests: Uint8Array,
    count: number,
  ): Promise<number> | undefined;
}

/** Digests that are longer come as bytes from the backends. */
export const MAX_TEXT_DIGEST = 64;

/** Who hashes, by name. */
export interface CryptoBackend extends DigestBackend {
  readonly name: "native" | "node";
}
