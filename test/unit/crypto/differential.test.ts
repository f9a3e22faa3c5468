import nodeCrypto from "node:crypto";
import { describe, expect, it } from "vitest";
import { createRandom, seed } from "../../support/random.js";
import { backends, namesOf, native, node } from "./backends.js";

const ENCODINGS = ["hex", "base64", "base64url"] as const;

/** Every length to 300, which covers each block size twice, and around the larger boundaries. */
const LENGTHS = [
  ...Array.from({ length: 301 }, (_, length) => length),
  ...[511, 512, 1023, 1024, 4090, 4091, 4092, 4093, 4095, 4096, 4097, 65535, 65536, 65537],
];

const random = createRandom(seed);
const noise = Uint8Array.from({ length: 70_000 }, () => random() * 256);

/** An extendable output has no length of its own from OpenSSL 3.4 on. */
function expected(algorithm: string, data: string | Uint8Array): Buffer {
  const sizes: Record<string, number> = { shake128: 16, shake256: 32 };
  const outputLength = sizes[algorithm];
  const options = outputLength === undefined ? undefined : { outputLength };
  return nodeCrypto.createHash(algorithm, options).update(data).digest();
}

describe(`hashes equal those of node:crypto (NEARFAR_SEED=${seed})`, () => {
  it("and both backends list the same algorithms", () => {
    expect(namesOf(native)).toEqual(namesOf(node));
    expect(namesOf(native)).toEqual(
      expect.arrayContaining(["sha1", "sha256", "sha512", "sha3-256", "shake128", "blake2b512"]),
    );
  });

  describe.each(backends)("$name backend", ({ crypto }) => {
    it.each(namesOf(crypto))("%s: every length, in every encoding", (algorithm) => {
      const differences: string[] = [];
      for (const length of LENGTHS) {
        const start = Math.floor(random() * (noise.length - length));
        const data = noise.subarray(start, start + length);
        const digest = expected(algorithm, data);
        for (const encoding of ENCODINGS) {
          const text = crypto.hash(algorithm, data, encoding);
          if (text !== digest.toString(encoding)) differences.push(`${encoding} of ${length}`);
        }
        if (!crypto.hash(algorithm, data, "buffer").equals(digest)) {
          differences.push(`buffer of ${length}`);
        }
        const out = new Uint8Array(digest.length + 2).fill(0xaa);
        const written = crypto.hashInto(algorithm, data, out.subarray(1));
        const wanted = Buffer.concat([Buffer.of(0xaa), digest, Buffer.of(0xaa)]);
        if (written !== digest.length || !wanted.equals(out)) differences.push(`into of ${length}`);
      }
      expect(differences).toEqual([]);
    });

    it("every kind of view, at every alignment", () => {
      const memory = new ArrayBuffer(256);
      new Uint8Array(memory).set(noise.subarray(0, 256));
      const shared = new SharedArrayBuffer(256);
      new Uint8Array(shared).set(noise.subarray(0, 256));
      const views = [
        ...[0, 1, 2, 3, 5, 8].map((offset) => new Uint8Array(memory, offset, 100)),
        ...[0, 1, 3].map((offset) => new DataView(memory, offset, 77)),
        ...[0, 1, 3].map((offset) => Buffer.from(memory, offset, 77)),
        new Uint8ClampedArray(memory, 3, 50),
        new Int8Array(memory, 7, 50),
        new Uint16Array(memory, 2, 50),
        new Int16Array(memory, 2, 50),
        new Uint32Array(memory, 4, 13),
        new Int32Array(memory, 4, 13),
        new Float32Array(memory, 4, 13),
        new Float64Array(memory, 8, 13),
        new BigInt64Array(memory, 8, 13),
        new BigUint64Array(memory, 8, 13),
        new Uint8Array(shared, 5, 100),
        new Float64Array(0),
        new DataView(memory, 256, 0),
      ];
      for (const view of views) {
        const bytes = Buffer.from(view.buffer, view.byteOffset, view.byteLength);
        expect(crypto.hash("sha256", view)).toBe(expected("sha256", bytes).toString("hex"));
      }
      const whole = expected("sha256", new Uint8Array(memory)).toString("hex");
      expect(crypto.hash("sha256", memory)).toBe(whole);
      expect(crypto.hash("sha256", shared)).toBe(whole);
      expect(crypto.hash("sha256", new ArrayBuffer(0))).toBe(crypto.hash("sha256", ""));
    });

    it("strings stand for their UTF-8, lone surrogates for U+FFFD", () => {
      const pieces = ["a", "é", "ÿ", "中", "😀", "\ud800", "\udfff", "\0", "\ufeff"];
      const texts = [
        ...pieces,
        "\ud800a",
        "a\udc00",
        "\udc00\ud800",
        // Around the room on the stack and one-byte against two-byte strings.
        ...pieces.flatMap((piece) =>
          [1363, 4088, 4089, 4090, 4091, 4092, 4093, 4095, 4096, 4097, 20_000].map(
            (length) => "x".repeat(length - 1) + piece,
          ),
        ),
        ...["é", "中", "😀"].flatMap((piece) =>
          [1022, 1023, 1024, 1025, 1364, 1365, 1366, 2047, 2048].map((n) => piece.repeat(n)),
        ),
      ];
      const differences = texts.filter((text) => {
        const bytes = Buffer.from(text, "utf8");
        const out = Buffer.alloc(32);
        crypto.hashInto("sha256", text, out);
        const digest = expected("sha256", bytes);
        return crypto.hash("sha256", text) !== digest.toString("hex") || !out.equals(digest);
      });
      expect(differences).toEqual([]);
      expect(crypto.hash("sha256", "\ud800")).toBe(crypto.hash("sha256", "\ufffd"));
    });
  });
});
