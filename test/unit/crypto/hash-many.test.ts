import { describe, expect, it } from "vitest";
import { createRandom, seed } from "../../support/random.js";
import { backends, detached, errorOf, native, node, rejectionOf } from "./backends.js";

const random = createRandom(seed);
const noise = Uint8Array.from({ length: 200_000 }, () => random() * 256);
const below = (limit: number) => Math.floor(random() * limit);
const some = (length: number) => {
  const start = below(noise.length - length + 1);
  return noise.slice(start, start + length);
};

/** Strings and bytes of many lengths, in runs and mixed; some too long to be copied. */
function inputsOf(count: number): (string | Uint8Array | DataView | ArrayBuffer)[] {
  const text = (length: number) => "aé中😀".repeat(length).slice(0, length);
  const kinds = [
    () => some(below(130)),
    () => "x".repeat(below(130)),
    () => text(below(60)),
    () => some(below(5000)),
    () => text(below(3000)),
    () => new DataView(some(9).buffer, 2),
    () => some(12).buffer,
    () => "",
    () => "\ud83d",
    () => "\ude00",
  ];
  let kind = kinds[0];
  return Array.from({ length: count }, () => {
    if (random() < 0.4) kind = kinds[below(kinds.length)];
    return kind?.() ?? "";
  });
}

describe.each(backends)(`hashMany, $name backend (NEARFAR_SEED=${seed})`, ({ crypto }) => {
  it.each(["sha256", "sha1", "sha512", "sha3-256", "blake2s256", "md5", "shake128"])(
    "%s: equals hash of each, in every encoding",
    async (algorithm) => {
      const inputs = inputsOf(700);
      for (const encoding of ["hex", "base64", "base64url", "buffer"] as const) {
        const expected = inputs.map((input) => crypto.hash(algorithm, input, encoding));
        expect(crypto.hashMany(algorithm, inputs, encoding)).toEqual(expected);
        expect(await crypto.hashManyAsync(algorithm, inputs, encoding)).toEqual(expected);
      }
      const expected = Buffer.concat(
        inputs.map((input) => crypto.hash(algorithm, input, "buffer")),
      );
      const out = Buffer.alloc(expected.length);
      expect(crypto.hashManyInto(algorithm, inputs, out)).toBe(expected.length);
      expect(out).toEqual(expected);
      out.fill(0);
      expect(await crypto.hashManyIntoAsync(algorithm, inputs, out)).toBe(expected.length);
      expect(out).toEqual(expected);
    },
  );

  it("every length, in groups of every number", () => {
    for (let count = 1; count <= 17; count++) {
      for (let length = 0; length <= 300; length += count) {
        const inputs = Array.from({ length: count }, (_, index) => some(length + (index % 3)));
        const expected = inputs.map((input) => crypto.hash("sha256", input));
        expect(crypto.hashMany("sha256", inputs)).toEqual(expected);
      }
    }
  });

  it("lengths around blocks and in place, even and uneven", () => {
    for (let round = 0; round < 200; round++) {
      const longest = [64, 128, 256, 320, 1024, 4096, 20_000][below(7)] ?? 64;
      const inputs = Array.from({ length: 1 + below(20) }, () =>
        some(random() < 0.5 ? longest - below(12) : below(longest)),
      );
      const expected = inputs.map((input) => crypto.hash("sha256", input));
      expect(crypto.hashMany("sha256", inputs)).toEqual(expected);
    }
  });

  it("pieces between offsets, of any kind of array", async () => {
    const offsets = [0, 0, 1, 14, 14, 78, 200, 5000, 5000, 70_000];
    const expected = offsets
      .slice(1)
      .map((end, index) => crypto.hash("sha256", noise.subarray(offsets[index] ?? 0, end)));
    const kinds = [offsets, Float64Array.from(offsets), Uint32Array.from(offsets)];
    for (const kind of kinds) {
      const pieces = { data: noise, offsets: kind };
      expect(crypto.hashMany("sha256", pieces)).toEqual(expected);
      expect(await crypto.hashManyAsync("sha256", pieces)).toEqual(expected);
    }
    expect(crypto.hashMany("sha256", { data: noise.buffer, offsets })).toEqual(expected);
    expect(crypto.hashMany("sha256", { data: noise, offsets: [5] })).toEqual([]);
    expect(await crypto.hashManyAsync("sha256", { data: noise, offsets: [5] })).toEqual([]);
  });

  it("records of one size", async () => {
    for (const recordSize of [1, 13, 32, 64, 65, 1000]) {
      const data = noise.subarray(3, 3 + recordSize * 150);
      const expected = Array.from({ length: 150 }, (_, index) =>
        crypto.hash("sha256", data.subarray(index * recordSize, (index + 1) * recordSize)),
      );
      expect(crypto.hashMany("sha256", { data, recordSize })).toEqual(expected);
      expect(await crypto.hashManyAsync("sha256", { data, recordSize })).toEqual(expected);
      const out = new Uint8Array(150 * 32);
      crypto.hashManyInto("sha256", { data, recordSize }, out);
      expect(Buffer.from(out).toString("hex")).toBe(expected.join(""));
    }
    expect(crypto.hashMany("sha256", { data: new Uint8Array(0), recordSize: 9 })).toEqual([]);
    expect(await crypto.hashManyAsync("sha256", [])).toEqual([]);
  });

  it("more pieces than a turn takes, by all threads", async () => {
    const data = new Uint8Array(3_000_000).map((_, index) => index * 7 + (index >> 9));
    const expected = Buffer.alloc(32 * 30_000);
    crypto.hashManyInto("sha256", { data, recordSize: 100 }, expected);
    const out = new Uint8Array(expected.length);
    await crypto.hashManyIntoAsync("sha256", { data, recordSize: 100 }, out);
    expect(expected.equals(out)).toBe(true);
  });

  it("digests are Buffers of their own: writing to one leaves the others", () => {
    const [first, second] = crypto.hashMany("sha256", ["a", "b"], "buffer");
    first?.fill(0);
    expect(second?.toString("hex")).toBe(crypto.hash("sha256", "b"));
  });

  it("an aborted signal ends it, before and meanwhile", async () => {
    const reason = new Error("enough");
    const data = new Uint8Array(4_000_000);
    const options = { signal: AbortSignal.abort(reason) };
    await expect(crypto.hashManyAsync("sha256", ["a"], options)).rejects.toBe(reason);
    const controller = new AbortController();
    const running = crypto.hashManyAsync(
      "sha256",
      { data, recordSize: 50 },
      { signal: controller.signal },
    );
    controller.abort(reason);
    await expect(running).rejects.toBe(reason);
  });

  it("so many at a time that parts of the list are made in turns: in order", async () => {
    const inputs = Array.from({ length: 5000 }, (_, index) => `input ${index}`);
    for (const encoding of ["hex", "base64", "buffer"] as const) {
      const expected = inputs.map((input) => crypto.hash("sha256", input, encoding));
      expect(crypto.hashMany("sha256", inputs, encoding)).toEqual(expected);
      expect(await crypto.hashManyAsync("sha256", inputs, encoding)).toEqual(expected);
    }
  });

  it("Buffers share little memory: one that is kept keeps few others", () => {
    const inputs = Array.from({ length: 5000 }, (_, index) => `input ${index}`);
    const nodesOwn = Buffer.from("in Node's pool").buffer.byteLength;
    for (const digest of crypto.hashMany("sha256", inputs, "buffer")) {
      expect(digest.buffer.byteLength).toBeLessThanOrEqual(nodesOwn);
    }
  });

  it("long digests share none", () => {
    const options = { outputLength: 40_000, encoding: "buffer" } as const;
    for (const digest of crypto.hashMany("shake256", ["a", "b", "c"], options)) {
      expect(digest.buffer.byteLength).toBe(40_000);
    }
  });

  it.each(["hex", "base64", "buffer"] as const)(
    "many in turns, which share memory, as %s, are those that are made at once",
    async (encoding) => {
      const records = { data: noise.subarray(0, 140_000), recordSize: 2 };
      const joined = (digests: (string | Buffer)[]) =>
        digests.map((one) => (typeof one === "string" ? one : one.toString("hex"))).join(" ");
      const digests = await crypto.hashManyAsync("sha256", records, encoding);
      expect(digests).toHaveLength(70_000);
      // Not by toEqual, which takes seconds for so many.
      const isSame = joined(digests) === joined(crypto.hashMany("sha256", records, encoding));
      expect(isSame).toBe(true);
    },
  );

  it("an array that becomes shorter meanwhile is refused", async () => {
    const inputs = Array.from({ length: 20_000 }, (_, index) => `input ${index}`);
    const running = crypto.hashManyAsync("sha256", inputs);
    inputs.length = 10_000;
    await expect(running).rejects.toThrow("argument 2 (inputs[10000]) must be");
  });

  it("what an array gains meanwhile is left out", async () => {
    const inputs = Array.from({ length: 20_000 }, (_, index) => `input ${index}`);
    const expected = crypto.hashMany("sha256", inputs);
    const running = crypto.hashManyAsync("sha256", inputs);
    inputs.push("one more");
    expect(await running).toEqual(expected);
  });

  it("memory that is detached meanwhile is refused", async () => {
    const data = new Uint8Array(4_000_000);
    const running = crypto.hashManyAsync("sha256", { data, recordSize: 1000 });
    detached(data);
    await expect(running).rejects.toThrow(
      "argument 2 (inputs.data) must be bytes that are not detached",
    );
  });
});

const data = new Uint8Array(100);
const mistakes: [string, (crypto: typeof native) => unknown, string][] = [
  [
    "offsets that fall",
    (c) => c.hashMany("sha256", { data, offsets: [0, 50, 40] }),
    "argument 2 (inputs.offsets[2]) must be an integer from 50 to 100, got 40",
  ],
  [
    "offsets that leave the data",
    (c) => c.hashMany("sha256", { data, offsets: [0, 101] }),
    "argument 2 (inputs.offsets[1]) must be an integer from 0 to 100, got 101",
  ],
  [
    "offsets that are no integers",
    (c) => c.hashMany("sha256", { data, offsets: [0, 1.5, 2] }),
    "argument 2 (inputs.offsets[1]) must be an integer from 0 to 100, got 1.5",
  ],
  [
    "a negative offset",
    (c) => c.hashMany("sha256", { data, offsets: [-1, 5] }),
    "argument 2 (inputs.offsets[0]) must be an integer from 0 to 100, got -1",
  ],
  [
    "an offset that is not a number",
    (c) => c.hashManyInto("sha256", { data, offsets: [0, Number.NaN] }, new Uint8Array(32)),
    "argument 2 (inputs.offsets[1]) must be an integer from 0 to 100, got NaN",
  ],
  [
    "a bad offset beyond the first batch",
    (c) => c.hashMany("sha256", { data, offsets: [...new Array(600).fill(3), 2] }),
    "argument 2 (inputs.offsets[600]) must be an integer from 3 to 100, got 2",
  ],
  [
    "no offsets",
    (c) => c.hashMany("sha256", { data, offsets: [] }),
    "argument 2 (inputs.offsets) must be an array or typed array of numbers",
  ],
  [
    "offsets that are bigints",
    (c) => c.hashMany("sha256", { data, offsets: new BigUint64Array(2) as never }),
    "argument 2 (inputs.offsets) must be an array or typed array of numbers",
  ],
  [
    "records of no bytes",
    (c) => c.hashMany("sha256", { data, recordSize: 0 }),
    "argument 2 (inputs.recordSize) must be an integer from 1 to",
  ],
  [
    "a record that is cut off",
    (c) => c.hashMany("sha256", { data, recordSize: 30 }),
    "argument 2 (inputs.data) must be a multiple of 30 bytes, got 100 bytes",
  ],
  [
    "both kinds of pieces and more",
    (c) => c.hashMany("sha256", { data, recordSize: 10, size: 1 } as never),
    'argument 2 (inputs) has no option "size"',
  ],
  [
    "text as the data of pieces",
    (c) => c.hashMany("sha256", { data: "text" as never, recordSize: 1 }),
    "argument 2 (inputs.data) must be bytes",
  ],
  [
    "an output for fewer digests",
    (c) => c.hashManyInto("sha256", ["a", "b", "c"], new Uint8Array(95)),
    "argument 3 (out) must be at least 96 bytes for 3 digests of sha256, got a Uint8Array of 95 bytes",
  ],
  [
    "a long input that is detached",
    (c) => c.hashMany("sha256", ["a", detached(new Uint8Array(5000))]),
    "argument 2 (inputs[1]) must be bytes that are not detached",
  ],
];

describe("a mistake among many inputs is refused by both backends, in the same words", () => {
  it.each(mistakes)("%s", (_, call, words) => {
    const error = errorOf(() => call(native));
    expect(error).toEqual(errorOf(() => call(node)));
    expect(error.name).toBe("TypeError");
    expect(error.message).toContain(words);
  });

  it.each(backends)("and by the asynchronous form ($name backend)", async ({ crypto }) => {
    const bad = { data: noise, offsets: [0, 100_000, 5] };
    expect((await rejectionOf(crypto.hashManyAsync("sha256", bad))).message).toContain(
      "argument 2 (inputs.offsets[2]) must be an integer from 100000 to 200000, got 5",
    );
    const inputs = ["a", 5 as never];
    expect((await rejectionOf(crypto.hashManyAsync("sha256", inputs))).message).toContain(
      "argument 2 (inputs[1]) must be a string or bytes",
    );
  });
});
