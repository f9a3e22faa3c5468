import nodeCrypto from "node:crypto";
import { describe, expect, it } from "vitest";
import { createRandom, seed } from "../../support/random.js";
import { backends, detached, errorOf, native, node } from "./backends.js";

const random = createRandom(seed);
const noise = Uint8Array.from({ length: 2000 }, () => random() * 256);
const some = (length: number) => {
  const start = Math.floor(random() * (noise.length - length));
  return noise.subarray(start, start + length);
};

describe.each(backends)(`hmac, $name backend (NEARFAR_SEED=${seed})`, ({ crypto }) => {
  const fixed = crypto.algorithms().filter(({ extendable }) => !extendable);

  it.each(fixed)(
    "$name: equals node:crypto's, keys around the block size",
    ({ name, blockSize }) => {
      const lengths = [0, 1, 20, 32, blockSize - 1, blockSize, blockSize + 1, 3 * blockSize, 1000];
      for (const length of lengths) {
        const key = some(length);
        const data = some(Math.floor(random() * 300));
        const expected = nodeCrypto.createHmac(name, key).update(data).digest();
        for (const encoding of ["hex", "base64", "base64url"] as const) {
          expect(crypto.hmac(name, key, data, encoding)).toBe(expected.toString(encoding));
        }
        expect(crypto.hmac(name, key, data, "buffer")).toEqual(expected);
        const out = Buffer.alloc(expected.length + 2);
        expect(crypto.hmacInto(name, key, data, out.subarray(1))).toBe(expected.length);
        expect(out.subarray(1, -1)).toEqual(expected);
        const half = data.length >> 1;
        const hasher = crypto.createHmac(name, key).update(data.subarray(0, half));
        const copy = hasher.copy();
        hasher.update("something else").digest();
        expect(copy.update(data.subarray(half)).digest("buffer")).toEqual(expected);
      }
    },
  );

  it("takes keys and data of every kind", () => {
    const expected = nodeCrypto.createHmac("sha256", "kéy").update("dåta").digest("hex");
    const keys = [
      "kéy",
      Buffer.from("kéy"),
      new DataView(Uint8Array.from(Buffer.from("kéy")).buffer),
      Uint8Array.from(Buffer.from("kéy")).buffer,
      nodeCrypto.createSecretKey(Buffer.from("kéy")),
    ];
    for (const key of keys) {
      expect(crypto.hmac("sha256", key, "dåta")).toBe(expected);
      expect(crypto.createHmac("sha256", key).update("dåta").digest()).toBe(expected);
    }
    expect(crypto.hmac("sha256", "", "")).toBe(
      nodeCrypto.createHmac("sha256", "").update("").digest("hex"),
    );
  });

  it("leaves a KeyObject usable", () => {
    const key = nodeCrypto.createSecretKey(Buffer.from("key"));
    const first = crypto.hmac("sha256", key, "x");
    expect(crypto.hmac("sha256", key, "x")).toBe(first);
    expect(key.export()).toEqual(Buffer.from("key"));
  });
});

const mistakes: [string, (crypto: typeof native) => unknown, string][] = [
  [
    "an extendable output",
    (c) => c.hmac("SHAKE-128", "k", "x"),
    "argument 1 (algorithm) must be one of a fixed size for HMAC, got shake128",
  ],
  [
    "a key that is a number",
    (c) => c.hmac("sha256", 5 as never, "x"),
    "argument 2 (key) must be a string or bytes",
  ],
  [
    "a key that is detached",
    (c) => c.createHmac("sha256", detached(new Uint8Array(8))),
    "argument 2 (key) must be bytes that are not detached",
  ],
  [
    "data that is detached",
    (c) => c.hmac("sha256", "key", detached(new Uint8Array(8))),
    "argument 3 (data) must be bytes that are not detached",
  ],
  [
    "no data",
    (c) => c.hmac("sha256", "key", undefined as never),
    "argument 3 (data) must be a string or bytes",
  ],
  [
    "a private key",
    (c) => c.hmac("sha256", nodeCrypto.generateKeyPairSync("ed25519").privateKey, "x"),
    "argument 2 (key) must be a secret KeyObject, got a private one",
  ],
  [
    "a short output",
    (c) => c.hmacInto("sha256", "key", "x", new Uint8Array(31)),
    "argument 4 (out) must be at least 32 bytes for sha256, got a Uint8Array of 31 bytes",
  ],
  [
    "an unknown encoding",
    (c) => c.hmac("sha256", "key", "x", "utf8" as never),
    'argument 4 (encoding) must be "hex", "base64", "base64url" or "buffer"',
  ],
];

describe("a mistake with an HMAC is refused by both backends, in the same words", () => {
  it.each(mistakes)("%s", (_, call, words) => {
    const error = errorOf(() => call(native));
    expect(error).toEqual(errorOf(() => call(node)));
    expect(error.name).toBe("TypeError");
    expect(error.message).toContain(words);
  });
});
