import type { HashAlgorithm } from "./algorithms.js";
import type { HashEncoding, TextEncoding } from "./backend.js";
import { cryptoBackend } from "./current-backend.js";
import { digestNamed } from "./digests.js";
import { checked } from "./failure.js";
import { FILE_OPTIONS, type FileOptions, fileCallbacks, hashFileInto } from "./file.js";
import type { BufferOptions, TextOptions } from "./hash.js";
import { digestOf, type HashOptions, resolveOutput } from "./output.js";

/** Options of `hashFile`. */
export type HashFileOptions = HashOptions & FileOptions;

/**
 * The digest of a file of any length. Threads of the native pool read and hash at the same time,
 * and the event loop goes on.
 *
 * @param options as of `hash`, and `signal` and `onProgress`
 * @throws (by rejection) ArgumentError for an unknown algorithm or option; Node's own error if the
 *   file cannot be opened or read; the signal's reason
 */
export function hashFile(
  algorithm: HashAlgorithm,
  path: string | Buffer | URL,
  options?: TextEncoding | TextOptions<HashFileOptions>,
): Promise<string>;
export function hashFile(
  algorithm: HashAlgorithm,
  path: string | Buffer | URL,
  options: "buffer" | BufferOptions<HashFileOptions>,
): Promise<Buffer>;
export function hashFile(
  algorithm: HashAlgorithm,
  path: string | Buffer | URL,
  options?: HashEncoding | HashFileOptions,
): Promise<string | Buffer>;
export async function hashFile(
  algorithm: HashAlgorithm,
  path: string | Buffer | URL,
  options?: HashEncoding | HashFileOptions,
): Promise<string | Buffer> {
  const output = resolveOutput(digestNamed(algorithm), options, 2, FILE_OPTIONS);
  const callbacks = fileCallbacks(options, 2);
  const state = checked("hash", () => cryptoBackend.createState(output.digest));
  await hashFileInto(state, path, callbacks);
  return digestOf(state, output);
}
