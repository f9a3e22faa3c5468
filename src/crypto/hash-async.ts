import { absorb } from "./absorb.js";
import type { HashAlgorithm } from "./algorithms.js";
import type { HashEncoding, TextEncoding } from "./backend.js";
import { cryptoBackend } from "./current-backend.js";
import { type Data, toInput } from "./data.js";
import { digestNamed } from "./digests.js";
import { checked } from "./failure.js";
import type { BufferOptions, TextOptions } from "./hash.js";
import { type AsyncHashOptions, digestOf, resolveOutput } from "./output.js";
import { signalOf } from "./signal.js";

/**
 * The digest of `data`, hashed on another thread, in place: nothing is copied, and the event loop
 * goes on. The memory must not change until the promise is settled; if it is detached, or its
 * buffer resized, the promise is rejected. Strings, resizable buffers and everything where there is
 * no native binary are hashed on this thread, in short turns.
 *
 * @param options as of `hash`, and `signal`
 * @throws (by rejection) ArgumentError as `hash` does; the signal's reason
 */
export function hashAsync(
  algorithm: HashAlgorithm,
  data: Data,
  options?: TextEncoding | TextOptions<AsyncHashOptions>,
): Promise<string>;
export function hashAsync(
  algorithm: HashAlgorithm,
  data: Data,
  options: "buffer" | BufferOptions<AsyncHashOptions>,
): Promise<Buffer>;
export function hashAsync(
  algorithm: HashAlgorithm,
  data: Data,
  options?: HashEncoding | AsyncHashOptions,
): Promise<string | Buffer>;
export async function hashAsync(
  algorithm: HashAlgorithm,
  data: Data,
  options?: HashEncoding | AsyncHashOptions,
): Promise<string | Buffer> {
  const output = resolveOutput(digestNamed(algorithm), options, 2, ["signal"]);
  const signal = signalOf(options, 2);
  const input = toInput(data, 1, "data");
  const state = checked("hash", () => cryptoBackend.createState(output.digest));
  await absorb(state, input, { index: 1, name: "data" }, signal);
  return digestOf(state, output);
}
