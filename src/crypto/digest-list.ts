import { type Digest, type HashEncoding, MAX_TEXT_DIGEST } from "./backend.js";
import type { Output } from "./output.js";
import { toBuffer } from "./to-buffer.js";

/**
 * So many digests, and bytes of them, share memory: a text or Buffer per digest out of a larger one
 * costs a fifth of one of its own, and one that is kept keeps no more than some KiB of the others.
 */
const GROUP = 64;
const GROUP_BYTES = 8 * 1024;

/**
 * Digests that are made in one turn of the event loop, and bytes of them: a millisecond at most.
 *
 * Of so many results as `LARGE_COUNT`, those of one turn share memory. V8 keeps a text of more than
 * 128 KiB apart, where its collections of new objects do not copy it, but only the 32 bytes that
 * each part of it takes: a third of what they copy of groups of 64. No shape of text spares them
 * that; the bench of delays has 500,000 texts made by Node alone beside these.
 */
const TURN_DIGESTS = 4096;
const TURN_BYTES = 128 * 1024;
const LARGE_COUNT = 65_536;

/** A longer array has no fast elements when it is made at once; it grows from there. */
const MOST_AT_ONCE = 1 << 24;

/** The digests of many inputs, as they are returned. */
export class DigestList {
  readonly values: (string | Buffer)[];
  readonly #output: Output;
  readonly #group: number;
  #count = 0;

  /**
   * `count` is how many there will be: to make an array grow takes 9 ns a digest. `inTurns` is for
   * `addBytes` of `digestsOfTurn` digests at a time.
   */
  constructor(output: Output, count: number, inTurns = false) {
    this.#output = output;
    const { size } = output.digest;
    this.#group =
      inTurns && count >= LARGE_COUNT
        ? digestsOfTurn(size)
        : Math.max(1, Math.min(GROUP, Math.floor(GROUP_BYTES / size)));
    this.values = new Array(Math.min(count, MOST_AT_ONCE));
  }

  /** Takes over the first `count` digests of `bytes`, one after the other. */
  addBytes(bytes: Buffer, count: number): void {
    const { encoding, digest } = this.#output;
    const { size } = digest;
    for (let first = 0; first < count; first += this.#group) {
      const group = bytes.subarray(first * size, Math.min(count, first + this.#group) * size);
      if (encoding === "hex") this.#addTexts(group.toString("hex"), size * 2);
      else if (encoding === "buffer") this.#addBuffers(Buffer.from(group), size);
      else this.#addEncoded(group, size, encoding);
    }
  }

  /** The same of digests that are text already, of `width` characters each. */
  addText(text: Buffer, count: number, width: number): void {
    for (let first = 0; first < count; first += this.#group) {
      const last = Math.min(count, first + this.#group);
      this.#addTexts(text.toString("latin1", first * width, last * width), width);
    }
  }

  #addTexts(text: string, width: number): void {
    for (let start = 0; start < text.length; start += width) {
      this.values[this.#count++] = text.slice(start, start + width);
    }
  }

  #addBuffers({ buffer, byteOffset, length }: Buffer, size: number): void {
    const end = byteOffset + length;
    for (let start = byteOffset; start < end; start += size) {
      this.values[this.#count++] = toBuffer(buffer, start, size);
    }
  }

  #addEncoded(group: Buffer, size: number, encoding: "base64" | "base64url"): void {
    for (let start = 0; start < group.length; start += size) {
      this.values[this.#count++] = group.toString(encoding, start, start + size);
    }
  }
}

/** How many digests of `size` bytes are to be made in a turn of the event loop. */
export function digestsOfTurn(size: number): number {
  return Math.max(1, Math.min(TURN_DIGESTS, Math.floor(TURN_BYTES / size)));
}

/** What the backends are to write: bytes where a digest is too long for them to write as text. */
export function writtenAs({ digest, encoding }: Output): HashEncoding {
  return digest.size > MAX_TEXT_DIGEST ? "buffer" : encoding;
}

/** Characters, or bytes, of a digest (RFC 4648: base64 is padded, base64url is not). */
export function widthOf({ size }: Digest, encoding: HashEncoding): number {
  switch (encoding) {
    case "hex":
      return size * 2;
    case "base64":
      return Math.ceil(size / 3) * 4;
    case "base64url":
      return Math.ceil((size * 4) / 3);
    case "buffer":
      return size;
  }
}
