import { ArgumentError, argumentLabel, argumentMessage, describeValue } from "../errors/index.js";
import type { HashAlgorithm } from "./algorithms.js";
import type { Digest, TextEncoding } from "./backend.js";
import { cryptoBackend } from "./current-backend.js";
import {
  type Bytes,
  type Data,
  detachedError,
  type Input,
  isDetached,
  toInput,
  toView,
  type View,
} from "./data.js";
import { digestNamed } from "./digests.js";
import { cryptoFailure } from "./failure.js";

/** What a digest is returned as. Base64 is padded, base64url is not, as in Node. */
export type HashEncoding = TextEncoding | "buffer";

/**
 * The digest of `data` in one call.
 *
 * @param algorithm a name of `algorithms()`, in any common spelling: `sha256`, `SHA-256`, `SHA256`
 * @param data bytes, read in place, or a string, which stands for its UTF-8
 * @param encoding `"hex"` (default), `"base64"`, `"base64url"` or `"buffer"`
 * @throws ArgumentError for an unknown algorithm or encoding, other data, and detached buffers
 */
export function hash(algorithm: HashAlgorithm, data: Data, encoding?: TextEncoding): string;
export function hash(algorithm: HashAlgorithm, data: Data, encoding: "buffer"): Buffer;
export function hash(
  algorithm: HashAlgorithm,
  data: Data,
  encoding?: HashEncoding,
): string | Buffer;
export function hash(
  algorithm: HashAlgorithm,
  data: Data,
  encoding: HashEncoding = "hex",
): string | Buffer {
  const digest = digestNamed(algorithm);
  const input = toInput(data, 1, "data");
  requireEncoding(encoding);
  return hashOne(digest, input, encoding);
}

/**
 * Writes the digest of `data` to the beginning of `out`, and makes no garbage.
 *
 * @returns how many bytes were written
 * @throws ArgumentError as `hash` does, and for an `out` shorter than the digest
 */
export function hashInto(algorithm: HashAlgorithm, data: Data, out: Bytes): number {
  const digest = digestNamed(algorithm);
  const input = toInput(data, 1, "data");
  const target = toView(out, 2, "out");
  try {
    cryptoBackend.hashInto(digest, input, target);
  } catch (error) {
    throw isDetached(input)
      ? detachedError(1, "data")
      : (outputProblem(target, digest) ?? cryptoFailure("hash", error));
  }
  return digest.size;
}

/**
 * The digests of many inputs, in their order.
 *
 * @throws ArgumentError as `hash` does; it names the input that was refused
 */
export function hashMany(
  algorithm: HashAlgorithm,
  inputs: readonly Data[],
  encoding?: TextEncoding,
): string[];
export function hashMany(
  algorithm: HashAlgorithm,
  inputs: readonly Data[],
  encoding: "buffer",
): Buffer[];
export function hashMany(
  algorithm: HashAlgorithm,
  inputs: readonly Data[],
  encoding: HashEncoding = "hex",
): (string | Buffer)[] {
  const digest = digestNamed(algorithm);
  if (!Array.isArray(inputs)) {
    throw new ArgumentError(
      argumentMessage(1, "inputs", "an array of strings or bytes", inputs),
      "ERR_INVALID_ARG_TYPE",
    );
  }
  requireEncoding(encoding);
  // Not `map`, which would leave out the holes of an array.
  const results: (string | Buffer)[] = [];
  for (let position = 0; position < inputs.length; position++) {
    const input = toInput(inputs[position], 1, "inputs", position);
    results.push(hashOne(digest, input, encoding, position));
  }
  return results;
}

/** `position` is that of an input of `hashMany`, for the wording of an error. */
function hashOne(
  digest: Digest,
  input: Input,
  encoding: HashEncoding,
  position?: number,
): string | Buffer {
  try {
    if (encoding !== "buffer") return cryptoBackend.hash(digest, input, encoding);
    const digestBytes = Buffer.allocUnsafe(digest.size);
    cryptoBackend.hashInto(digest, input, digestBytes);
    return digestBytes;
  } catch (error) {
    throw isDetached(input)
      ? detachedError(1, position === undefined ? "data" : `inputs[${position}]`)
      : cryptoFailure("hash", error);
  }
}

function requireEncoding(encoding: unknown): asserts encoding is HashEncoding {
  if (encoding === "hex" || encoding === "base64") return;
  if (encoding === "base64url" || encoding === "buffer") return;
  const expected = '"hex", "base64", "base64url" or "buffer"';
  throw new ArgumentError(argumentMessage(2, "encoding", expected, encoding));
}

/** Why a digest cannot be written there, if it cannot. */
function outputProblem(out: View, digest: Digest): ArgumentError | undefined {
  if (isDetached(out)) return detachedError(2, "out");
  if (out.byteLength >= digest.size) return undefined;
  return new ArgumentError(
    `${argumentLabel(2, "out")} must be at least ${digest.size} bytes for ${digest.name}, ` +
      `got ${describeValue(out)}`,
  );
}
