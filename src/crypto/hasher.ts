import type { Transform } from "node:stream";
import { ArgumentError, argumentLabel } from "../errors/index.js";
import { requireKnownOptions } from "../internal/options.js";
import { absorb } from "./absorb.js";
import type { HashAlgorithm } from "./algorithms.js";
import type { Digest, HashEncoding, HashState, TextEncoding } from "./backend.js";
import { cryptoBackend } from "./current-backend.js";
import { type Bytes, type Data, detachedError, isDetached, toInput, toView } from "./data.js";
import { digestNamed } from "./digests.js";
import { checked, cryptoFailure } from "./failure.js";
import { FILE_OPTIONS, type FileOptions, fileCallbacks, hashFileInto } from "./file.js";
import { createNodeStream, createWebStream } from "./hasher-streams.js";
import { authenticating, type HmacKey, hmacFailure, withKey } from "./hmac.js";
import {
  encodeDigest,
  type HashOptions,
  outputProblem,
  requireEncoding,
  resolveOutput,
} from "./output.js";
import { signalOf } from "./signal.js";

/** What gives data in pieces: a stream of Node or of the Web, or any iterable. */
export type DataSource = AsyncIterable<Data> | Iterable<Data>;

/**
 * A digest, or an HMAC, of what comes in pieces. It keeps nothing of the data.
 *
 * `update` reads its data in place, at once. The methods that return promises have the hasher to
 * themselves until then; one that fails leaves it ended.
 */
export class Hasher {
  readonly #digest: Digest;
  readonly #what: "hash" | "hmac";
  #state: HashState | "busy" | "ended";

  /** Not for users: `createHasher` and `createHmac` make them. */
  constructor(digest: Digest, what: "hash" | "hmac", state: HashState) {
    this.#digest = digest;
    this.#what = what;
    this.#state = state;
  }

  /** The algorithm's canonical name. */
  get algorithm(): string {
    return this.#digest.name;
  }

  /** Bytes of the digest. */
  get size(): number {
    return this.#digest.size;
  }

  /**
   * Takes in the next piece.
   *
   * @throws ArgumentError for other data, detached buffers, and after `digest`
   */
  update(data: Data): this {
    const state = this.#ready();
    const input = toInput(data, 0, "data");
    try {
      state.update(input);
    } catch (error) {
      throw isDetached(input) ? detachedError(0, "data") : cryptoFailure(this.#what, error);
    }
    return this;
  }

  /**
   * Takes in all pieces of a stream or iterable.
   *
   * @throws (by rejection) ArgumentError for other data; what the source throws; the signal's
   * reason
   */
  async updateFrom(source: DataSource, options?: { readonly signal?: AbortSignal }): Promise<this> {
    const signal = signalOf(options, 1);
    await this.#exclusively(async (state) => {
      for await (const piece of source) {
        const input = toInput(piece, 0, "source", 0);
        await absorb(state, input, { index: 0, name: "source" }, signal);
      }
    });
    return this;
  }

  /** Takes in a file, as `hashFile` does. */
  async updateFromFile(path: string | Buffer | URL, options: FileOptions = {}): Promise<this> {
    requireKnownOptions(options, FILE_OPTIONS, argumentLabel(1, "options"));
    const callbacks = fileCallbacks(options, 1);
    await this.#exclusively((state) => hashFileInto(state, path, callbacks));
    return this;
  }

  /**
   * The digest of all that came. Nothing but `copy`s made before it goes on.
   *
   * @param encoding `"hex"` (default), `"base64"`, `"base64url"` or `"buffer"`
   */
  digest(encoding?: TextEncoding): string;
  digest(encoding: "buffer"): Buffer;
  digest(encoding?: HashEncoding): string | Buffer;
  digest(encoding: HashEncoding = "hex"): string | Buffer {
    requireEncoding(encoding, 0);
    const bytes = Buffer.allocUnsafe(this.#digest.size);
    this.#finish(bytes);
    return encodeDigest(bytes, encoding);
  }

  /** Writes the digest to the beginning of `out`; returns how many bytes that were. */
  digestInto(out: Bytes): number {
    const target = toView(out, 0, "out");
    this.#ready();
    const problem = outputProblem(target, this.#digest, 0);
    if (problem !== undefined) throw problem;
    this.#finish(target);
    return this.#digest.size;
  }

  /** Another that has seen the same; from here on they go their own ways. */
  copy(): Hasher {
    const state = this.#ready();
    return new Hasher(
      this.#digest,
      this.#what,
      checked(this.#what, () => state.copy()),
    );
  }

  /** A stream that takes in what flows through it, and passes it on. */
  toNodeStream(): Transform {
    return createNodeStream(this);
  }

  /** A Web stream that takes in what flows through it, and passes it on. */
  toWebStream(): TransformStream<Data, Data> {
    return createWebStream(this);
  }

  #ready(): HashState {
    if (typeof this.#state === "object") return this.#state;
    const why =
      this.#state === "busy"
        ? "its last updateFrom or updateFromFile is still running"
        : "its digest was taken, or an asynchronous update failed";
    throw new ArgumentError(`the hasher cannot be used: ${why}`);
  }

  #finish(out: NodeJS.ArrayBufferView): void {
    const state = this.#ready();
    this.#state = "ended";
    checked(this.#what, () => state.finish(out));
  }

  async #exclusively(work: (state: HashState) => Promise<void>): Promise<void> {
    const state = this.#ready();
    this.#state = "busy";
    try {
      await work(state);
      this.#state = state;
    } catch (error) {
      this.#state = "ended";
      throw error;
    }
  }
}

/**
 * A digest in pieces.
 *
 * @param options `outputLength` in bytes, for SHAKE
 * @throws ArgumentError for an unknown algorithm
 */
export function createHasher(
  algorithm: HashAlgorithm,
  options?: Pick<HashOptions, "outputLength">,
): Hasher {
  const { digest } = resolveOutput(digestNamed(algorithm), options, 1);
  const state = checked("hash", () => cryptoBackend.createState(digest));
  return new Hasher(digest, "hash", state);
}

/**
 * An HMAC in pieces (RFC 2104, FIPS 198-1). A `copy` of it costs less than another with the same
 * key.
 *
 * @throws ArgumentError for an unknown or extendable algorithm, and for what is no key
 */
export function createHmac(algorithm: HashAlgorithm, key: HmacKey): Hasher {
  const digest = authenticating(algorithm);
  return withKey(key, (input) => {
    try {
      return new Hasher(digest, "hmac", cryptoBackend.createState(digest, input));
    } catch (error) {
      throw hmacFailure(error, input);
    }
  });
}
