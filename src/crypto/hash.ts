import type { HashAlgorithm } from "./algorithms.js";
import { type Digest, type HashEncoding, MAX_TEXT_DIGEST, type TextEncoding } from "./backend.js";
import { cryptoBackend } from "./current-backend.js";
import {
  type Bytes,
  type Data,
  detachedError,
  type Input,
  isDetached,
  toInput,
  toView,
} from "./data.js";
import { digestNamed } from "./digests.js";
import { cryptoFailure } from "./failure.js";
import {
  encodeDigest,
  type HashOptions,
  outputProblem,
  requireEncoding,
  resolveOutput,
} from "./output.js";

/** Options of a digest that is returned as bytes. */
export type BufferOptions<Options = HashOptions> = Options & { readonly encoding: "buffer" };

/** Options of a digest that is returned as text. */
export type TextOptions<Options = HashOptions> = Options & { readonly encoding?: TextEncoding };

/**
 * The digest of `data` in one call.
 *
 * @param algorithm a name of `algorithms()`, in any common spelling: `sha256`, `SHA-256`, `SHA256`
 * @param data bytes, read in place, or a string, which stands for its UTF-8
 * @param options the encoding: `"hex"` (default), `"base64"`, `"base64url"` or `"buffer"`; or
 *   `{ encoding, outputLength }`, where SHAKE takes any `outputLength` in bytes
 * @throws ArgumentError for an unknown algorithm or encoding, other data, and detached buffers
 */
export function hash(
  algorithm: HashAlgorithm,
  data: Data,
  options?: TextEncoding | TextOptions,
): string;
export function hash(
  algorithm: HashAlgorithm,
  data: Data,
  options: "buffer" | BufferOptions,
): Buffer;
export function hash(
  algorithm: HashAlgorithm,
  data: Data,
  options?: HashEncoding | HashOptions,
): string | Buffer;
export function hash(
  algorithm: HashAlgorithm,
  data: Data,
  options: HashEncoding | HashOptions = "hex",
): string | Buffer {
  const digest = digestNamed(algorithm);
  const input = toInput(data, 1, "data");
  if (typeof options === "object") {
    const output = resolveOutput(digest, options, 2);
    return hashOne(output.digest, input, output.encoding);
  }
  requireEncoding(options, 2);
  return hashOne(digest, input, options);
}

/**
 * Writes the digest of `data` to the beginning of `out`, and makes no garbage.
 *
 * @returns how many bytes were written
 * @throws ArgumentError as `hash` does, and for an `out` shorter than the digest
 */
export function hashInto(
  algorithm: HashAlgorithm,
  data: Data,
  out: Bytes,
  options?: Pick<HashOptions, "outputLength">,
): number {
  let digest = digestNamed(algorithm);
  const input = toInput(data, 1, "data");
  const target = toView(out, 2, "out");
  if (options !== undefined) ({ digest } = resolveOutput(digest, options, 3));
  try {
    cryptoBackend.hashInto(digest, input, target);
  } catch (error) {
    throw isDetached(input)
      ? detachedError(1, "data")
      : (outputProblem(target, digest, 2) ?? cryptoFailure("hash", error));
  }
  return digest.size;
}

function hashOne(digest: Digest, input: Input, encoding: HashEncoding): string | Buffer {
  try {
    if (encoding !== "buffer" && digest.size <= MAX_TEXT_DIGEST) {
      return cryptoBackend.hash(digest, input, encoding);
    }
    const bytes = Buffer.allocUnsafe(digest.size);
    cryptoBackend.hashInto(digest, input, bytes);
    return encodeDigest(bytes, encoding);
  } catch (error) {
    throw isDetached(input) ? detachedError(1, "data") : cryptoFailure("hash", error);
  }
}
