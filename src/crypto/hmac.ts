import type { KeyObject } from "node:crypto";
import { isKeyObject } from "node:util/types";
import { ArgumentError, argumentLabel } from "../errors/index.js";
import type { HashAlgorithm } from "./algorithms.js";
import type { Digest, HashEncoding, TextEncoding } from "./backend.js";
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
import type { BufferOptions, TextOptions } from "./hash.js";
import { encodeDigest, type HashOptions, outputProblem, resolveOutput } from "./output.js";

/** The key of an HMAC: bytes, a string that stands for its UTF-8, or a secret KeyObject. */
export type HmacKey = Data | KeyObject;

/**
 * The HMAC of `data` (RFC 2104, FIPS 198-1). Compare one with another by `timingSafeEqual` of
 * `node:crypto`, not by `===`.
 *
 * @param algorithm a name of `algorithms()` that is not extendable
 * @param key of any length; no copy of it is left in memory
 * @param options as of `hash`
 * @throws ArgumentError for an unknown algorithm or encoding, other data, and detached buffers
 */
export function hmac(
  algorithm: HashAlgorithm,
  key: HmacKey,
  data: Data,
  options?: TextEncoding | TextOptions,
): string;
export function hmac(
  algorithm: HashAlgorithm,
  key: HmacKey,
  data: Data,
  options: "buffer" | BufferOptions,
): Buffer;
export function hmac(
  algorithm: HashAlgorithm,
  key: HmacKey,
  data: Data,
  options?: HashEncoding | HashOptions,
): string | Buffer;
export function hmac(
  algorithm: HashAlgorithm,
  key: HmacKey,
  data: Data,
  options?: HashEncoding | HashOptions,
): string | Buffer {
  const { digest, encoding } = resolveOutput(authenticating(algorithm), options, 3);
  const input = toInput(data, 2, "data");
  const bytes = Buffer.allocUnsafe(digest.size);
  withKey(key, (keyInput) => {
    try {
      cryptoBackend.hmacInto(digest, keyInput, input, bytes);
    } catch (error) {
      if (isDetached(input)) throw detachedError(2, "data");
      throw hmacFailure(error, keyInput);
    }
  });
  return encodeDigest(bytes, encoding);
}

/**
 * Writes the HMAC of `data` to the beginning of `out`.
 *
 * @returns how many bytes were written
 */
export function hmacInto(algorithm: HashAlgorithm, key: HmacKey, data: Data, out: Bytes): number {
  const digest = authenticating(algorithm);
  const input = toInput(data, 2, "data");
  const target = toView(out, 3, "out");
  withKey(key, (keyInput) => {
    try {
      cryptoBackend.hmacInto(digest, keyInput, input, target);
    } catch (error) {
      if (isDetached(input)) throw detachedError(2, "data");
      throw outputProblem(target, digest, 3) ?? hmacFailure(error, keyInput);
    }
  });
  return digest.size;
}

/** The algorithm, unless HMAC is not defined of it. */
export function authenticating(algorithm: HashAlgorithm): Digest {
  const digest = digestNamed(algorithm);
  if (!digest.extendable) return digest;
  throw new ArgumentError(
    `${argumentLabel(0, "algorithm")} must be one of a fixed size for HMAC, got ${digest.name}`,
  );
}

/** Calls `use` with the key as the backends take it. What a KeyObject exports is cleared again. */
export function withKey<T>(key: unknown, use: (key: Input) => T): T {
  if (!isKeyObject(key)) return use(toInput(key, 1, "key"));
  if (key.type !== "secret") {
    throw new ArgumentError(
      `${argumentLabel(1, "key")} must be a secret KeyObject, got a ${key.type} one`,
    );
  }
  const bytes = key.export();
  try {
    return use(bytes);
  } finally {
    bytes.fill(0);
  }
}

/** Words what went wrong with a key, or else in libcrypto. */
export function hmacFailure(error: unknown, key: Input): Error {
  return isDetached(key) ? detachedError(1, "key") : cryptoFailure("hmac", error);
}
