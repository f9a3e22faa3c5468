import { ArgumentError, argumentLabel, argumentMessage, describeValue } from "../errors/index.js";
import { requireInteger, requireKnownOptions } from "../internal/options.js";
import type { Digest, HashEncoding, HashState } from "./backend.js";
import { detachedError, isDetached, type View } from "./data.js";
import { checked } from "./failure.js";

/** What a digest is to look like. */
export interface HashOptions {
  /** `"hex"` (default), `"base64"`, `"base64url"` or `"buffer"`. */
  readonly encoding?: HashEncoding;
  /** Bytes, for SHAKE; the digests of the other algorithms have one length. */
  readonly outputLength?: number;
}

/** Options of what takes time. */
export interface AsyncHashOptions extends HashOptions {
  /** Ends it early: the promise is rejected with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** A digest with the size that is wanted of it, and how to return it. */
export interface Output {
  readonly digest: Digest;
  readonly encoding: HashEncoding;
}

/** A longer one in hexadecimal would be a quarter of the longest string that V8 has. */
const MAX_OUTPUT_LENGTH = 64 * 1024 * 1024;

const OPTIONS = ["encoding", "outputLength"];

/**
 * Reads an encoding, or options, given as the argument at `index`. `others` are names of options
 * that the caller reads.
 */
export function resolveOutput(
  digest: Digest,
  options: unknown,
  index: number,
  others: readonly string[] = [],
): Output {
  if (options === undefined) return { digest, encoding: "hex" };
  if (typeof options !== "object" || options === null) {
    requireEncoding(options, index);
    return { digest, encoding: options };
  }
  requireKnownOptions(options, [...OPTIONS, ...others], argumentLabel(index, "options"));
  const { encoding = "hex", outputLength } = options as HashOptions;
  requireEncoding(encoding, index);
  return { digest: withSize(digest, outputLength, index), encoding };
}

export function requireEncoding(
  encoding: unknown,
  index: number,
): asserts encoding is HashEncoding {
  if (encoding === "hex" || encoding === "base64") return;
  if (encoding === "base64url" || encoding === "buffer") return;
  const expected = '"hex", "base64", "base64url" or "buffer"';
  throw new ArgumentError(argumentMessage(index, "encoding", expected, encoding));
}

/** The digest in its encoding. `bytes` is given away. */
export function encodeDigest(bytes: Buffer, encoding: HashEncoding): string | Buffer {
  return encoding === "buffer" ? bytes : bytes.toString(encoding);
}

/** The digest of a state, in its encoding. */
export function digestOf(state: HashState, { digest, encoding }: Output): string | Buffer {
  const bytes = Buffer.allocUnsafe(digest.size);
  checked("hash", () => state.finish(bytes));
  return encodeDigest(bytes, encoding);
}

/** Why digests cannot be written there, if they cannot. `index` is that of the argument. */
export function outputProblem(
  out: View,
  digest: Digest,
  index: number,
  count = 1,
): ArgumentError | undefined {
  if (isDetached(out)) return detachedError(index, "out");
  const bytes = digest.size * count;
  if (out.byteLength >= bytes) return undefined;
  const what = count === 1 ? digest.name : `${count} digests of ${digest.name}`;
  return new ArgumentError(
    `${argumentLabel(index, "out")} must be at least ${bytes} bytes for ${what}, ` +
      `got ${describeValue(out)}`,
  );
}

function withSize(digest: Digest, outputLength: unknown, index: number): Digest {
  if (outputLength === undefined || outputLength === digest.size) return digest;
  const label = argumentLabel(index, "outputLength");
  if (digest.extendable) {
    requireInteger(outputLength, label, 1, MAX_OUTPUT_LENGTH);
    return { ...digest, size: outputLength };
  }
  const got = describeValue(outputLength);
  throw new ArgumentError(`${label} must be ${digest.size} for ${digest.name}, got ${got}`);
}
