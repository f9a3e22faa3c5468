import type { HashAlgorithm } from "./algorithms.js";
import type { Digest, HashEncoding, TextEncoding } from "./backend.js";
import { cryptoBackend } from "./current-backend.js";
import { digestNamed } from "./digests.js";
import { checked, checkedLater } from "./failure.js";
import { type BufferOptions, hash, type TextOptions } from "./hash.js";
import { digestMany, type Inputs, type ManyJob, manyOf } from "./many.js";
import { digestManyInBackground } from "./many-async.js";
import { type AsyncHashOptions, encodeDigest, type HashOptions, resolveOutput } from "./output.js";
import { signalOf } from "./signal.js";
import { nextTurn } from "./turns.js";

/** A power of two, so that subtrees of so many leaves are nodes of the whole tree. */
const SUBTREE = 1024;

/**
 * The root of the hash tree over many inputs, as of RFC 9162, section 2.1.1: leaves are hashed
 * after a byte 0 and nodes after a byte 1, so that no node passes for a leaf. Without inputs it is
 * the digest of nothing.
 *
 * @param inputs as of `hashMany`
 * @param options as of `hash`
 * @throws ArgumentError as `hashMany` does
 */
export function merkleRoot(
  algorithm: HashAlgorithm,
  inputs: Inputs,
  options?: TextEncoding | TextOptions,
): string;
export function merkleRoot(
  algorithm: HashAlgorithm,
  inputs: Inputs,
  options: "buffer" | BufferOptions,
): Buffer;
export function merkleRoot(
  algorithm: HashAlgorithm,
  inputs: Inputs,
  options?: HashEncoding | HashOptions,
): string | Buffer;
export function merkleRoot(
  algorithm: HashAlgorithm,
  inputs: Inputs,
  options?: HashEncoding | HashOptions,
): string | Buffer {
  const { digest, encoding } = resolveOutput(digestNamed(algorithm), options, 2);
  const many = manyOf(inputs);
  const { count } = many;
  if (count === 0) return hash(algorithm, "", { encoding, outputLength: digest.size });
  const digests = Buffer.allocUnsafeSlow(count * digest.size);
  let written = 0;
  digestMany(many, leavesOf(digest), (bytes, taken) => {
    digests.set(bytes.subarray(0, taken * digest.size), written);
    written += taken * digest.size;
  });
  checked("hash", () => cryptoBackend.reduceTree(digest, digests, count));
  return rootOf(digests, digest, encoding);
}

/**
 * As `merkleRoot`, without holding up the event loop: see `hashManyAsync`.
 *
 * @param options as of `hash`, and `signal`
 * @throws (by rejection) ArgumentError as `hashManyAsync` does; the signal's reason
 */
export function merkleRootAsync(
  algorithm: HashAlgorithm,
  inputs: Inputs,
  options?: TextEncoding | TextOptions<AsyncHashOptions>,
): Promise<string>;
export function merkleRootAsync(
  algorithm: HashAlgorithm,
  inputs: Inputs,
  options: "buffer" | BufferOptions<AsyncHashOptions>,
): Promise<Buffer>;
export function merkleRootAsync(
  algorithm: HashAlgorithm,
  inputs: Inputs,
  options?: HashEncoding | AsyncHashOptions,
): Promise<string | Buffer>;
export async function merkleRootAsync(
  algorithm: HashAlgorithm,
  inputs: Inputs,
  options?: HashEncoding | AsyncHashOptions,
): Promise<string | Buffer> {
  const { digest, encoding } = resolveOutput(digestNamed(algorithm), options, 2, ["signal"]);
  const signal = signalOf(options, 2);
  const many = manyOf(inputs);
  const { count } = many;
  if (count === 0) return hash(algorithm, "", { encoding, outputLength: digest.size });
  const digests = Buffer.allocUnsafeSlow(count * digest.size);
  await digestManyInBackground(many, leavesOf(digest), digests, signal);
  const running = cryptoBackend.reduceTreeInBackground(digest, digests, count);
  if (running === undefined) await reduceInTurns(digest, digests, count, signal);
  else await checkedLater("hash", running);
  signal?.throwIfAborted();
  return rootOf(digests, digest, encoding);
}

/** Subtree by subtree; their roots, moved together, are the leaves of the next round. */
async function reduceInTurns(
  digest: Digest,
  digests: Buffer,
  count: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { size } = digest;
  for (let leaves = count; leaves > 1; leaves = Math.ceil(leaves / SUBTREE)) {
    for (let first = 0; first < leaves; first += SUBTREE) {
      const subtree = digests.subarray(first * size, Math.min(leaves, first + SUBTREE) * size);
      checked("hash", () => cryptoBackend.reduceTree(digest, subtree, subtree.length / size));
      digests.copyWithin((first / SUBTREE) * size, first * size, (first + 1) * size);
      await nextTurn(signal);
    }
  }
}

function leavesOf(digest: Digest): ManyJob {
  return { digest, encoding: "buffer", width: digest.size, isLeaf: true };
}

function rootOf(digests: Buffer, { size }: Digest, encoding: HashEncoding): string | Buffer {
  return encodeDigest(Buffer.from(digests.subarray(0, size)), encoding);
}
