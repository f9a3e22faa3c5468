import { describe, expect, expectTypeOf, it } from "vitest";
import { backends, detached, errorOf, namesOf, native, node } from "./backends.js";

describe.each(backends)("hash, $name backend", ({ crypto }) => {
  const sha256 = crypto.hash("sha256", "abc");

  it.each(["sha256", "SHA256", "sha-256", "SHA-256", "Sha_256", "SHA 256", "sha2-256"])(
    "takes %s for SHA-256",
    (spelling) => expect(crypto.hash(spelling, "abc")).toBe(sha256),
  );

  it.each([
    ["SHA-512/256", "sha512-256"],
    ["sha512/224", "sha512-224"],
    ["SHA3-256", "sha3-256"],
    ["BLAKE2b", "blake2b512"],
    ["BLAKE2b-512", "blake2b512"],
    ["BLAKE2s-256", "blake2s256"],
    ["RIPEMD-160", "ripemd160"],
    ["rmd160", "ripemd160"],
    ["SHAKE-128", "shake128"],
    ["MD5-SHA1", "md5-sha1"],
  ])("takes %s for %s", (spelling, name) => {
    expect(crypto.hash(spelling, "abc")).toBe(crypto.hash(name, "abc"));
    expect(namesOf(crypto)).toContain(name);
  });

  it("keeps algorithms apart that alternate, and spellings beyond the cache", () => {
    const md5 = crypto.hash("md5", "abc");
    const spellings = Array.from(
      { length: 512 },
      (_, index) =>
        `sha256${index.toString(2).padStart(9, "0").replaceAll("0", "-").replaceAll("1", "_")}`,
    );
    expect(new Set(spellings).size).toBe(512);
    for (const spelling of spellings) {
      expect(crypto.hash(spelling, "abc")).toBe(sha256);
      expect(crypto.hash("md5", "abc")).toBe(md5);
    }
  });

  it("returns a Buffer of its own, text, or many of them", () => {
    const digest = crypto.hash("sha256", "abc", "buffer");
    expect(digest).toBeInstanceOf(Buffer);
    expect(digest.toString("hex")).toBe(sha256);
    crypto.hash("sha256", "other", "buffer").fill(0);
    expect(digest.toString("hex")).toBe(sha256);
    expect(crypto.hashMany("sha256", ["abc", Buffer.from("abc"), ""])).toEqual([
      sha256,
      sha256,
      crypto.hash("sha256", ""),
    ]);
    expect(crypto.hashMany("sha256", ["abc"], "buffer")).toEqual([digest]);
    expect(crypto.hashMany("sha256", [])).toEqual([]);
  });

  it("has types that follow the encoding", () => {
    expectTypeOf(crypto.hash("sha256", "abc")).toEqualTypeOf<string>();
    expectTypeOf(crypto.hash("sha256", "abc", "base64url")).toEqualTypeOf<string>();
    expectTypeOf(crypto.hash("sha256", "abc", "buffer")).toEqualTypeOf<Buffer>();
    expectTypeOf(crypto.hashMany("sha256", ["abc"], "buffer")).toEqualTypeOf<Buffer[]>();
  });

  it("writes into every kind of memory, and over its own input", () => {
    const digest = crypto.hash("sha256", "abc", "buffer");
    const targets = [
      new Uint8Array(32),
      new Uint8Array(new ArrayBuffer(40), 3, 32),
      new DataView(new ArrayBuffer(40), 5, 33),
      new Uint16Array(16),
      new Float64Array(4),
    ];
    for (const out of targets) {
      expect(crypto.hashInto("sha256", "abc", out)).toBe(32);
      expect(Buffer.from(out.buffer, out.byteOffset, 32)).toEqual(digest);
    }
    const memory = new ArrayBuffer(32);
    crypto.hashInto("sha256", "abc", memory);
    expect(Buffer.from(memory)).toEqual(digest);
    const both = Buffer.alloc(32, "x");
    const once = crypto.hash("sha256", both, "buffer");
    crypto.hashInto("sha256", both, both);
    expect(both).toEqual(once);
  });

  it("lists algorithms that all work, in lower case", () => {
    for (const name of namesOf(crypto)) {
      expect(name).toBe(name.toLowerCase());
      expect(crypto.hash(name, "abc", "buffer").toString("hex")).toBe(crypto.hash(name, "abc"));
    }
  });
});

/** A resizable buffer, which the library types of ES2023 do not have yet. */
const ResizableBuffer = ArrayBuffer as unknown as new (
  length: number,
  options: { maxByteLength: number },
) => ArrayBuffer & { resize(length: number): void };
const array = new ResizableBuffer(8, { maxByteLength: 16 });
const outOfBounds = new Uint8Array(array, 4, 4);
array.resize(2);

/**
 * The call of a mistake, with each backend's functions, and the words that must be in the message.
 */
const mistakes: [string, (crypto: typeof native) => unknown, string][] = [
  [
    "an unknown algorithm",
    (c) => c.hash("md6", ""),
    'argument 1 (algorithm) must be a hash algorithm that algorithms() lists, got "md6"',
  ],
  ["a long unknown algorithm", (c) => c.hash("x".repeat(500), ""), `got "${"x".repeat(32)}..."`],
  ["control characters in a name", (c) => c.hash('a\n\u2028"\\\u001b[31m', ""), 'got "a?????[31m"'],
  [
    "an algorithm that is a number",
    (c) => c.hash(5 as never, ""),
    "argument 1 (algorithm) must be a string, got 5",
  ],
  ["an algorithm of Object.prototype", (c) => c.hash("constructor", ""), 'got "constructor"'],
  [
    "no data",
    (c) => c.hash("sha256", undefined as never),
    "argument 2 (data) must be a string or bytes (a Uint8Array, ArrayBuffer or DataView), got undefined",
  ],
  ["an array as data", (c) => c.hash("sha256", [1] as never), "got an array of 1"],
  ["a String object", (c) => c.hash("sha256", new String("x") as never), "got an object"],
  [
    "an unknown encoding",
    (c) => c.hash("sha256", "", "utf8" as never),
    'argument 3 (encoding) must be "hex", "base64", "base64url" or "buffer", got a string of 4 characters',
  ],
  ["a null encoding", (c) => c.hash("sha256", "", null as never), "got null"],
  [
    "a detached view",
    (c) => c.hash("sha256", detached(new Uint8Array(4))),
    "argument 2 (data) must be bytes that are not detached, got a detached buffer",
  ],
  [
    "a detached DataView",
    (c) => c.hash("sha256", detached(new DataView(new ArrayBuffer(4)))),
    "got a detached buffer",
  ],
  [
    "a detached ArrayBuffer",
    (c) => c.hash("sha256", detached(new Uint8Array(4)).buffer),
    "got a detached buffer",
  ],
  [
    "a detached view, as a buffer",
    (c) => c.hash("sha256", detached(new Int16Array(4)), "buffer"),
    "got a detached buffer",
  ],
  ["a view outside of its buffer", (c) => c.hash("sha256", outOfBounds), "got a detached buffer"],
  [
    "a short output",
    (c) => c.hashInto("sha256", "", new Uint8Array(31)),
    "argument 3 (out) must be at least 32 bytes for sha256, got a Uint8Array of 31 bytes",
  ],
  [
    "a short output of wide elements",
    (c) => c.hashInto("SHA-512", "", new Uint16Array(31)),
    "argument 3 (out) must be at least 64 bytes for sha512, got a Uint16Array of 62 bytes",
  ],
  [
    "an empty output",
    (c) => c.hashInto("md5", "", new ArrayBuffer(0)),
    "argument 3 (out) must be at least 16 bytes for md5",
  ],
  [
    "an output that is a string",
    (c) => c.hashInto("md5", "", "x" as never),
    "argument 3 (out) must be bytes (a Uint8Array, ArrayBuffer or DataView), got a string of 1 character",
  ],
  [
    "a detached output",
    (c) => c.hashInto("md5", "", detached(new Uint8Array(40))),
    "argument 3 (out) must be bytes that are not detached",
  ],
  [
    "a detached input for an output",
    (c) => c.hashInto("md5", detached(new Uint8Array(4)), new Uint8Array(40)),
    "argument 2 (data) must be bytes that are not detached",
  ],
  [
    "inputs that are no array",
    (c) => c.hashMany("md5", "abc" as never),
    "argument 2 (inputs) must be an array of strings or bytes, or pieces, got a string of 3 characters",
  ],
  [
    "a hole among the inputs",
    (c) => c.hashMany("md5", new Array(1)),
    "argument 2 (inputs[0]) must be a string or bytes",
  ],
  [
    "a bad input among many",
    (c) => c.hashMany("md5", ["a", 5 as never]),
    "argument 2 (inputs[1]) must be a string or bytes (a Uint8Array, ArrayBuffer or DataView), got 5",
  ],
  [
    "a detached input among many",
    (c) => c.hashMany("md5", ["a", detached(new Uint8Array(4))]),
    "argument 2 (inputs[1]) must be bytes that are not detached",
  ],
];

describe("a mistake is refused by both backends, in the same words", () => {
  it.each(mistakes)("%s", (_, call, words) => {
    const error = errorOf(() => call(native));
    expect(error).toEqual(errorOf(() => call(node)));
    expect(error.name).toBe("TypeError");
    expect(error.code).toMatch(/^ERR_INVALID_ARG_(TYPE|VALUE)$/);
    expect(error.message).toContain(words);
  });

  it.each(backends)("and the next call works ($name backend)", ({ crypto }) => {
    for (const [, call] of mistakes) errorOf(() => call(crypto));
    expect(crypto.hash("sha256", "Hello, World!")).toMatch(/^dffd6021/);
  });
});
