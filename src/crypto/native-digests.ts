import type { DigestBinding } from "../internal/crypto-binding.js";
import { poolThreads } from "../internal/pool-threads.js";
import type { Digest, DigestBackend, HashEncoding } from "./backend.js";
import { type Input, refuseDetached } from "./data.js";
import { isPinnable, NativeStates } from "./native-state.js";

/** Numbers shared with `native/addon/crypto_digests.h`. */
const ENCODINGS = {
  hex: 0,
  base64: 1,
  base64url: 2,
  buffer: 3,
} as const satisfies Record<HashEncoding, number>;

/**
 * Digests by the process's libcrypto. `configurePool` is told NEARFAR_THREADS before the first work
 * in the background.
 */
export function nativeDigests(
  binding: DigestBinding,
  configurePool: (threads: number) => void,
): DigestBackend {
  const request = new Uint32Array(binding.request);
  let isPoolReady = false;

  function want(digest: Digest, encoding: HashEncoding): void {
    request[0] = digest.index * 4 + ENCODINGS[encoding];
    request[1] = digest.size;
  }

  // Native code leaves a view of no bytes to us; `request` still holds what is wanted.
  function hashNothing(data: Input): string {
    refuseDetached(data);
    return binding.hash("") ?? "";
  }

  function preparePool(): void {
    if (isPoolReady) return;
    configurePool(poolThreads());
    isPoolReady = true;
  }

  const states = new NativeStates({
    binding,
    want: (digest) => want(digest, "buffer"),
    preparePool,
  });

  return {
    fetchDigest(name, size, blockSize, extendable) {
      try {
        const index = binding.fetchDigest(name, size, blockSize);
        return { name, size, blockSize, extendable, index };
      } catch {
        return undefined;
      }
    },

    hash(digest, data, encoding) {
      // Spelled out: a lookup by name costs 3 ns of 100.
      const code = encoding === "hex" ? 0 : encoding === "base64" ? 1 : 2;
      request[0] = digest.index * 4 + code;
      request[1] = digest.size;
      return binding.hash(data) ?? hashNothing(data);
    },

    hashInto(digest, data, out) {
      request[0] = digest.index * 4;
      request[1] = digest.size;
      if (binding.hashInto(data, out) === false) {
        refuseDetached(data);
        binding.hashInto("", out);
      }
    },

    hmacInto(digest, key, data, out) {
      refuseDetached(key);
      refuseDetached(data);
      want(digest, "buffer");
      binding.hmacInto(key, data, out);
    },

    createState: (digest, key) => states.create(digest, key),

    hashPieces(digest, { data, offsets, recordSize, count }, isLeaf, encoding, out) {
      want(digest, encoding);
      return binding.hashPieces(data, offsets, recordSize, count, isLeaf, out);
    },

    reduceTree(digest, digests, count) {
      want(digest, "buffer");
      binding.reduceTree(digests, count);
    },

    hashPiecesInBackground(digest, { data, offsets, recordSize, count }, isLeaf, out) {
      const views = offsets === undefined ? [data, out] : [data, offsets, out];
      if (!views.every(isPinnable)) return undefined;
      preparePool();
      want(digest, "buffer");
      return binding.hashPiecesInBackground(data, offsets, recordSize, count, isLeaf, out);
    },

    reduceTreeInBackground(digest, digests, count) {
      preparePool();
      want(digest, "buffer");
      return binding.reduceTreeInBackground(digests, count);
    },
  };
}
