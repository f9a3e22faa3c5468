import type { HashAlgorithm } from "./algorithms.js";
import type { Digest, HashEncoding, TextEncoding } from "./backend.js";
import { type Bytes, detachedError, isDetached, toView } from "./data.js";
import { DigestList, digestsOfTurn, widthOf, writtenAs } from "./digest-list.js";
import { digestNamed } from "./digests.js";
import type { BufferOptions, TextOptions } from "./hash.js";
import { digestMany, type Inputs, type ManyJob, manyOf, writeDigests } from "./many.js";
import { digestManyInBackground } from "./many-async.js";
import { type AsyncHashOptions, type HashOptions, outputProblem, resolveOutput } from "./output.js";
import { signalOf } from "./signal.js";
import { nextTurn } from "./turns.js";

/**
 * The digests of many inputs, in their order: an array of strings and bytes, or pieces of one block
 * of memory (`{ data, offsets }` or `{ data, recordSize }`). Short inputs cost half to three
 * quarters of what `hash` in a loop does, pieces a third. Up to 64 of the digests share memory.
 *
 * @param options as of `hash`
 * @throws ArgumentError as `hash` does; it names the input that was refused
 */
export function hashMany(
  algorithm: HashAlgorithm,
  inputs: Inputs,
  options?: TextEncoding | TextOptions,
): string[];
export function hashMany(
  algorithm: HashAlgorithm,
  inputs: Inputs,
  options: "buffer" | BufferOptions,
): Buffer[];
export function hashMany(
  algorithm: HashAlgorithm,
  inputs: Inputs,
  options?: HashEncoding | HashOptions,
): (string | Buffer)[];
export function hashMany(
  algorithm: HashAlgorithm,
  inputs: Inputs,
  options?: HashEncoding | HashOptions,
): (string | Buffer)[] {
  const output = resolveOutput(digestNamed(algorithm), options, 2);
  const encoding = writtenAs(output);
  const width = widthOf(output.digest, encoding);
  const many = manyOf(inputs);
  const list = new DigestList(output, many.count);
  digestMany(many, { digest: output.digest, encoding, width, isLeaf: false }, (out, count) => {
    if (encoding === "buffer") list.addBytes(out, count);
    else list.addText(out, count, width);
  });
  return list.values;
}

/**
 * Writes the digests of many inputs to `out`, one after the other, and makes no garbage for pieces
 * of one block of memory.
 *
 * @returns how many bytes were written
 * @throws ArgumentError as `hashMany` does, and for an `out` shorter than the digests
 */
export function hashManyInto(
  algorithm: HashAlgorithm,
  inputs: Inputs,
  out: Bytes,
  options?: Pick<HashOptions, "outputLength">,
): number {
  const { digest } = resolveOutput(digestNamed(algorithm), options, 3);
  const { target, many } = placeFor(digest, inputs, out);
  const { count, pieces } = many;
  const job = jobOf(digest);
  if (pieces !== undefined) {
    writeDigests(pieces, 0, job, target);
  } else {
    let written = 0;
    digestMany(many, job, (bytes, taken) => {
      target.set(bytes.subarray(0, taken * digest.size), written);
      written += taken * digest.size;
    });
  }
  return count * digest.size;
}

/**
 * As `hashMany`, without holding up the event loop: by all threads of the native pool, with pieces
 * of one block of memory read in place. Where there is no native binary, in short turns. Of 65,536
 * digests and more, up to 4,096 share memory.
 *
 * @param options as of `hash`, and `signal`
 * @throws (by rejection) ArgumentError as `hashMany` does, and for memory that is detached or
 *   resized meanwhile; the signal's reason
 */
export function hashManyAsync(
  algorithm: HashAlgorithm,
  inputs: Inputs,
  options?: TextEncoding | TextOptions<AsyncHashOptions>,
): Promise<string[]>;
export function hashManyAsync(
  algorithm: HashAlgorithm,
  inputs: Inputs,
  options: "buffer" | BufferOptions<AsyncHashOptions>,
): Promise<Buffer[]>;
export function hashManyAsync(
  algorithm: HashAlgorithm,
  inputs: Inputs,
  options?: HashEncoding | AsyncHashOptions,
): Promise<(string | Buffer)[]>;
export async function hashManyAsync(
  algorithm: HashAlgorithm,
  inputs: Inputs,
  options?: HashEncoding | AsyncHashOptions,
): Promise<(string | Buffer)[]> {
  const output = resolveOutput(digestNamed(algorithm), options, 2, ["signal"]);
  const signal = signalOf(options, 2);
  const { size } = output.digest;
  const many = manyOf(inputs);
  const digests = Buffer.allocUnsafeSlow(many.count * size);
  await digestManyInBackground(many, jobOf(output.digest), digests, signal);
  const list = new DigestList(output, many.count, true);
  const turnBytes = digestsOfTurn(size) * size;
  for (let start = 0; start < digests.length; start += turnBytes) {
    const part = digests.subarray(start, start + turnBytes);
    list.addBytes(part, part.length / size);
    await nextTurn(signal);
  }
  return list.values;
}

/**
 * As `hashManyInto`, without holding up the event loop: see `hashManyAsync`.
 *
 * @throws (by rejection) ArgumentError as `hashManyInto` does, and for memory that is detached or
 *   resized meanwhile; the signal's reason
 */
export async function hashManyIntoAsync(
  algorithm: HashAlgorithm,
  inputs: Inputs,
  out: Bytes,
  options?: Pick<AsyncHashOptions, "outputLength" | "signal">,
): Promise<number> {
  const { digest } = resolveOutput(digestNamed(algorithm), options, 3, ["signal"]);
  const signal = signalOf(options, 3);
  const { target, many } = placeFor(digest, inputs, out);
  await digestManyInBackground(many, jobOf(digest), target, signal);
  if (isDetached(target)) throw detachedError(2, "out");
  return many.count * digest.size;
}

/** Where the digests go, if there is room for them. */
function placeFor(digest: Digest, inputs: Inputs, out: Bytes) {
  const view = toView(out, 2, "out");
  const many = manyOf(inputs);
  const problem = outputProblem(view, digest, 2, many.count);
  if (problem !== undefined) throw problem;
  const { buffer, byteOffset, byteLength } = view;
  return { target: Buffer.from(buffer, byteOffset, byteLength), many };
}

function jobOf(digest: Digest): ManyJob {
  return { digest, encoding: "buffer", width: digest.size, isLeaf: false };
}
