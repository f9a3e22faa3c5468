import { setImmediate } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { backends, detached, errorOf } from "./backends.js";

describe.each(backends)("many signatures, $name backend", ({ crypto }) => {
  const pair = crypto.generateKeyPair("p256");
  const inputs = Array.from({ length: 300 }, (_, index) =>
    index % 3 === 0 ? `message ${index}` : Buffer.alloc(index, index),
  );

  it("are those of sign and verify, in order", async () => {
    const signatures = crypto.signMany(pair.privateKey, inputs);
    expect(signatures).toHaveLength(inputs.length);
    for (const [index, signature] of signatures.entries()) {
      expect(crypto.verify(pair.publicKey, inputs[index] ?? "", signature)).toBe(true);
    }
    signatures[7] = signatures[8] as Buffer;
    signatures[299] = Buffer.alloc(0);
    const expected = inputs.map((_, index) => index !== 7 && index !== 299);
    expect(crypto.verifyMany(pair.publicKey, inputs, signatures)).toEqual(expected);
    expect(await crypto.verifyManyAsync(pair.publicKey, inputs, signatures)).toEqual(expected);
  });

  it("in the background come in order over many batches, with options", async () => {
    const { privateKey, publicKey } = crypto.generateKeyPair("ed25519");
    const many = Array.from({ length: 1100 }, (_, index) => `message ${index}`);
    const signatures = await crypto.signManyAsync(privateKey, many);
    expect(signatures).toEqual(crypto.signMany(privateKey, many));
    expect((await crypto.verifyManyAsync(publicKey, many, signatures)).every(Boolean)).toBe(true);
    const options = { dsaEncoding: "ieee-p1363", lowS: true } as const;
    const signed = await crypto.signManyAsync(pair.privateKey, inputs, options);
    expect(signed.every(({ length }) => length === 64)).toBe(true);
    expect(crypto.verifyMany(pair.publicKey, inputs, signed, options).every(Boolean)).toBe(true);
  });

  it("with a key for each, of any kind", async () => {
    const pairs = (["ed25519", "p521", "secp256k1", "ed448"] as const).map((algorithm) =>
      crypto.generateKeyPair(algorithm),
    );
    const some = pairs.map((_, index) => `message ${index}`);
    const privateKeys = pairs.map(({ privateKey }) => privateKey);
    const publicKeys = pairs.map(({ publicKey }) => publicKey);
    const signatures = crypto.signMany(privateKeys, some);
    expect(crypto.verifyMany(publicKeys, some, signatures)).toEqual([true, true, true, true]);
    const again = await crypto.signManyAsync(privateKeys, some);
    expect(crypto.verifyMany(publicKeys, some, again)).toEqual([true, true, true, true]);
    const mixed = [...publicKeys].reverse();
    expect(crypto.verifyMany(mixed, some, signatures)).toEqual([false, false, false, false]);
  });

  it("of nothing are none", async () => {
    expect(crypto.signMany(pair.privateKey, [])).toEqual([]);
    expect(crypto.verifyMany(pair.publicKey, [], [])).toEqual([]);
    expect(await crypto.signManyAsync(pair.privateKey, [])).toEqual([]);
    expect(await crypto.verifyManyAsync([], [], [])).toEqual([]);
  });

  const wrong: [string, () => unknown, string][] = [
    [
      "inputs that are no array",
      () => crypto.signMany(pair.privateKey, "x" as never),
      "argument 2 (inputs) must be an array of strings or bytes, got a string of 1 character",
    ],
    [
      "an input that is no data",
      () => crypto.signMany(pair.privateKey, ["x", 5 as never]),
      "argument 2 (inputs[1]) must be a string or bytes",
    ],
    [
      "an array with a hole",
      // biome-ignore lint/suspicious/noSparseArray: it is what is tested
      () => crypto.signMany(pair.privateKey, ["x", , "y"] as never),
      "argument 2 (inputs[1]) must be a string or bytes",
    ],
    [
      "a detached input",
      () => crypto.signMany(pair.privateKey, ["x", detached(new Uint8Array(4))]),
      "argument 2 (inputs[1]) must be bytes that are not detached",
    ],
    [
      "a detached signature",
      () => crypto.verifyMany(pair.publicKey, ["x"], [detached(new Uint8Array(64))]),
      "argument 3 (signatures[0]) must be bytes that are not detached",
    ],
    [
      "fewer signatures than inputs",
      () => crypto.verifyMany(pair.publicKey, ["x", "y"], [Buffer.alloc(8)]),
      "argument 3 (signatures) must be an array of 2, as many as there are inputs, got an array of 1",
    ],
    [
      "fewer keys than inputs",
      () => crypto.signMany([pair.privateKey], ["x", "y"]),
      "argument 1 (key) must be an array of 2, as many as there are inputs, got an array of 1",
    ],
    [
      "a public key among the private ones",
      () => crypto.signMany([pair.privateKey, pair.publicKey as never], ["x", "y"]),
      "argument 1 (key) must be a private key",
    ],
  ];

  it.each(wrong)("refuse %s", (_, call, words) => {
    expect(errorOf(call).message).toContain(words);
  });

  it("an RSA key without room for the salt fails for all, here and in the background", async () => {
    const rsa = crypto.generateKeyPair("rsa-pss", { modulusLength: 1024 });
    const options = { saltLength: 500 };
    const error = errorOf(() => crypto.signMany(rsa.privateKey, inputs, options));
    expect(error.code).toBe("ERR_CRYPTO_FAILED");
    await expect(crypto.signManyAsync(rsa.privateKey, inputs, options)).rejects.toMatchObject(
      error,
    );
  });
});

describe.each(backends)("one signature in the background, $name backend", ({ crypto }) => {
  const { privateKey, publicKey } = crypto.generateKeyPair("ed25519");
  const long = "aé😀".repeat(700_000);

  it("is that of sign, for data of any length", async () => {
    for (const data of ["", "x", Buffer.alloc(100, 1), long, Buffer.from(long)]) {
      const signature = await crypto.signAsync(privateKey, data);
      expect(signature).toEqual(crypto.sign(privateKey, data));
      expect(await crypto.verifyAsync(publicKey, data, signature)).toBe(true);
      expect(await crypto.verifyAsync(publicKey, `${data}!`, signature)).toBe(false);
    }
  });

  it("short data may change as soon as the call has returned", async () => {
    const data = Buffer.from("a message");
    const expected = crypto.sign(privateKey, data);
    const signing = crypto.signAsync(privateKey, data);
    await setImmediate();
    data.fill(0);
    expect(await signing).toEqual(expected);
  });

  it("long data that is detached or shrinks meanwhile is refused", async () => {
    const data = new Uint8Array(8 << 20);
    const signing = crypto.signAsync(privateKey, data);
    const refused = expect(signing).rejects.toThrow("must be bytes that are not detached");
    detached(data);
    await refused;
    const verifying = crypto.verifyAsync(publicKey, detached(new Uint8Array(4)), Buffer.alloc(64));
    await expect(verifying).rejects.toThrow(
      "argument 2 (data) must be bytes that are not detached",
    );
  });

  it("an abort is the rejection, before and during the work", async () => {
    const reason = new Error("enough");
    const early = crypto.signAsync(privateKey, "x", { signal: AbortSignal.abort(reason) });
    await expect(early).rejects.toBe(reason);
    const controller = new AbortController();
    const { signal } = controller;
    const inputs = Array.from({ length: 2000 }, (_, index) => `message ${index}`);
    const signing = crypto.signManyAsync(privateKey, inputs, { signal });
    controller.abort(reason);
    await expect(signing).rejects.toBe(reason);
    expect(await crypto.signAsync(privateKey, "x")).toEqual(crypto.sign(privateKey, "x"));
  });

  it("a signal that is none is refused", async () => {
    const signing = crypto.signAsync(privateKey, "x", { signal: 5 as never });
    await expect(signing).rejects.toThrow("signal) must be an AbortSignal, got 5");
  });
});

describe.each(backends)("keys given as they are written, $name backend", ({ crypto }) => {
  const { privateKey, publicKey } = crypto.generateKeyPair("p384");

  it("bytes and encrypted PEM are parsed by what comes with them", () => {
    const raw = {
      key: privateKey.export({ format: "raw" }),
      format: "raw",
      algorithm: "p384",
    } as const;
    const publicRaw = { ...raw, key: publicKey.export({ format: "raw", compressed: true }) };
    const der = { key: publicKey.export({ format: "der" }), format: "der" } as const;
    const encrypted = privateKey.export({ format: "pem", passphrase: "open" });
    for (let round = 0; round < 2; round++) {
      for (const key of [raw, { key: encrypted, passphrase: "open" }]) {
        const signature = crypto.sign(key, "x");
        expect(crypto.verify(publicRaw, "x", signature)).toBe(true);
        expect(crypto.verify(der, "x", signature)).toBe(true);
      }
    }
    // A key that is known does not open without its passphrase.
    expect(() => crypto.sign({ key: encrypted, passphrase: "other" }, "x")).toThrow("opens");
    expect(() => crypto.sign(encrypted, "x")).toThrow("opens");
    expect(() => crypto.sign({ key: raw.key } as never, "x")).toThrow("options.format");
  });

  it("the caller's bytes stay as they are", () => {
    const key = privateKey.export({ format: "raw" });
    const copy = Buffer.from(key);
    crypto.sign({ key, format: "raw", algorithm: "p384" }, "x");
    expect(key).toEqual(copy);
  });
});
