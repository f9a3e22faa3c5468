import { type Digest, type HashEncoding, MAX_TEXT_DIGEST } from "./backend.js";
import type { Output } from "./output.js";
import { toBuffer } from "./to-buffer.js";

/**
 * So many digests share memory: a text or Buffer per digest out of a larger one costs a fifth of one
 * of its own, and one that is kept keeps no more than some KiB of the others.
 */
const GROUP = 64;

/** A longer array has no fast elements when it is made at once; it grows from there. */
const MOST_AT_ONCE = 1 << 24;

/** The digests of many inputs, as they are returned. */
export class DigestList {
  readonly values: (string | Buffer)[];
  readonly #output: Output;
  #count = 0;

  /** `count` is how many there will be: to make an array grow takes 9 ns a digest. */
  constructor(output: Output, count: number) {
    this.#output = output;
    this.values = new Array(Math.min(count, MOST_AT_ONCE));
  }

  /** Takes over the first `count` digests of `bytes`, one after the other. */
  addBytes(bytes: Buffer, count: number): void {
    const { encoding, digest } = this.#output;
    const { size } = digest;
    for (let first = 0; first < count; first += GROUP) {
      const group = bytes.subarray(first * size, Math.min(count, first + GROUP) * size);
      if (encoding === "hex") this.#addTexts(group.toString("hex"), size * 2);
      else if (encoding === "buffer") this.#addBuffers(Buffer.from(group), size);
      else this.#addEncoded(group, size, encoding);
    }
  }

  /** The same of digests that are text already, of `width` characters each. */
  addText(text: Buffer, count: number, width: number): void {
    for (let first = 0; first < count; first += GROUP) {
      const last = Math.min(count, first + GROUP);
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
