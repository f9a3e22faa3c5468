import { describe, expect, it } from "vitest";
import { backends, errorOf, native, node } from "./backends.js";

describe.each(backends)("algorithms, $name backend", ({ name, crypto }) => {
  const infoOf = (algorithm: string) => crypto.algorithms().find((info) => info.name === algorithm);

  it("say name, sizes, whether extendable or legacy, and the backend", () => {
    const fixed = { extendable: false, legacy: false, backend: name };
    expect(infoOf("sha256")).toEqual({ name: "sha256", size: 32, blockSize: 64, ...fixed });
    expect(infoOf("sha512-224")).toEqual({
      name: "sha512-224",
      size: 28,
      blockSize: 128,
      ...fixed,
    });
    expect(infoOf("shake128")).toMatchObject({ extendable: true, size: 16, blockSize: 168 });
    expect(infoOf("md5")).toMatchObject({ legacy: true, size: 16 });
    expect(infoOf("sha1")).toMatchObject({ legacy: true, size: 20 });
    expect(infoOf("sha3-256")).toMatchObject({ legacy: false, blockSize: 136 });
  });

  it("have digests of the size they say", () => {
    for (const { name: algorithm, size } of crypto.algorithms()) {
      expect(crypto.hash(algorithm, "x", "buffer")).toHaveLength(size);
      expect(crypto.createHasher(algorithm).size).toBe(size);
    }
  });

  it("of an extendable output have any length, and a shorter one begins a longer one", () => {
    const long = crypto.hash("SHAKE256", "x", { outputLength: 1000 });
    expect(long).toHaveLength(2000);
    for (const outputLength of [1, 31, 32, 33, 64, 65, 136, 137, 999]) {
      const options = { outputLength } as const;
      expect(crypto.hash("shake256", "x", options)).toBe(long.slice(0, outputLength * 2));
      expect(crypto.hash("shake256", "x", { ...options, encoding: "base64url" })).toBe(
        Buffer.from(long, "hex").subarray(0, outputLength).toString("base64url"),
      );
      const out = Buffer.alloc(1000);
      expect(crypto.hashInto("shake256", "x", out, options)).toBe(outputLength);
      expect(out.subarray(0, outputLength).toString("hex")).toBe(long.slice(0, outputLength * 2));
      expect(out.subarray(outputLength).every((byte) => byte === 0)).toBe(true);
      const hasher = crypto.createHasher("shake256", options).update("x");
      expect(hasher.digest()).toBe(long.slice(0, outputLength * 2));
      expect(crypto.hashMany("shake256", ["x", "y"], options)[0]).toBe(
        long.slice(0, outputLength * 2),
      );
    }
  });

  it("take the length that they have anyway", () => {
    expect(crypto.hash("sha256", "x", { outputLength: 32 })).toBe(crypto.hash("sha256", "x"));
    expect(crypto.hash("sha256", "x", {})).toBe(crypto.hash("sha256", "x"));
  });
});

const mistakes: [string, (crypto: typeof native) => unknown, string][] = [
  [
    "another length of a fixed one",
    (c) => c.hash("sha256", "x", { outputLength: 16 }),
    "argument 3 (outputLength) must be 32 for sha256, got 16",
  ],
  [
    "no length at all",
    (c) => c.hash("shake128", "x", { outputLength: 0 }),
    "argument 3 (outputLength) must be an integer from 1 to 67108864, got 0",
  ],
  [
    "a length that is no number",
    (c) => c.createHasher("shake128", { outputLength: "9" as never }),
    "argument 2 (outputLength) must be an integer from 1 to 67108864, got a string of 1 character",
  ],
  [
    "an unknown option",
    (c) => c.hash("shake128", "x", { length: 9 } as never),
    'argument 3 (options) has no option "length"; known: encoding, outputLength',
  ],
  [
    "an unknown encoding among options",
    (c) => c.hash("sha256", "x", { encoding: "latin1" as never }),
    'argument 3 (encoding) must be "hex", "base64", "base64url" or "buffer"',
  ],
  [
    "an output that is shorter than the length",
    (c) => c.hashInto("shake128", "x", new Uint8Array(20), { outputLength: 21 }),
    "argument 3 (out) must be at least 21 bytes for shake128, got a Uint8Array of 20 bytes",
  ],
];

describe("a mistake in options is refused by both backends, in the same words", () => {
  it.each(mistakes)("%s", (_, call, words) => {
    const error = errorOf(() => call(native));
    expect(error).toEqual(errorOf(() => call(node)));
    expect(error.name).toBe("TypeError");
    expect(error.message).toContain(words);
  });
});
