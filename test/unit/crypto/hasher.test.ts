import { createReadStream } from "node:fs";
import { PassThrough, Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { createRandom, seed } from "../../support/random.js";
import { backends, detached, errorOf, namesOf, native, node, rejectionOf } from "./backends.js";

const random = createRandom(seed);
const noise = Uint8Array.from({ length: 300_000 }, () => random() * 256);
const thisFile = fileURLToPath(import.meta.url);

/** The same bytes in pieces of random lengths, some of them empty. */
function piecesOf(data: Uint8Array, longest: number): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  for (let start = 0; start < data.length; ) {
    const length = Math.floor(random() * (longest + 1));
    pieces.push(data.subarray(start, start + length));
    start += length;
  }
  return pieces;
}

describe.each(backends)(`hashers, $name backend (NEARFAR_SEED=${seed})`, ({ crypto }) => {
  it.each(namesOf(crypto))("%s: pieces of any length give the digest of the whole", (algorithm) => {
    for (const longest of [1, 63, 64, 65, 200]) {
      const data = noise.subarray(0, 1000);
      const hasher = crypto.createHasher(algorithm);
      for (const piece of piecesOf(data, longest)) hasher.update(piece);
      expect(hasher.digest()).toBe(crypto.hash(algorithm, data));
    }
    expect(crypto.createHasher(algorithm).digest()).toBe(crypto.hash(algorithm, ""));
  });

  it("copies go their own ways, one after the other and after the original's end", () => {
    for (const algorithm of ["sha256", "sha3-256", "shake128", "blake2b512"]) {
      const hasher = crypto.createHasher(algorithm).update("a");
      const copy = hasher.copy();
      const copyOfCopy = copy.copy();
      hasher.update("b");
      expect(hasher.digest()).toBe(crypto.hash(algorithm, "ab"));
      expect(copy.update("c").digest()).toBe(crypto.hash(algorithm, "ac"));
      expect(copyOfCopy.digest("base64")).toBe(crypto.hash(algorithm, "a", "base64"));
    }
  });

  it("many at a time, ended in any order, do not mix", () => {
    const hashers = Array.from({ length: 200 }, (_, index) => ({
      hasher: crypto.createHasher(index % 2 === 0 ? "sha256" : "sha512"),
      text: `${index}`,
    }));
    for (const { hasher, text } of hashers) hasher.update(text);
    hashers.sort(() => random() - 0.5);
    for (const { hasher, text } of hashers.slice(0, 100)) {
      expect(hasher.digest()).toBe(crypto.hash(hasher.algorithm, text));
    }
    const later = Array.from({ length: 100 }, () => crypto.createHasher("md5").update("later"));
    for (const { hasher, text } of hashers.slice(100)) {
      expect(hasher.digest()).toBe(crypto.hash(hasher.algorithm, text));
    }
    for (const hasher of later) expect(hasher.digest()).toBe(crypto.hash("md5", "later"));
  });

  it("write their digest into memory", () => {
    const out = Buffer.alloc(34);
    const hasher = crypto.createHasher("sha256").update("abc");
    expect(() => hasher.digestInto(out.subarray(0, 31))).toThrow("must be at least 32 bytes");
    expect(hasher.digestInto(out.subarray(1))).toBe(32);
    expect(out.subarray(1, 33)).toEqual(crypto.hash("sha256", "abc", "buffer"));
    expect([out[0], out[33]]).toEqual([0, 0]);
  });

  it("take in iterables, streams of Node and of the Web", async () => {
    const whole = crypto.hash("sha256", noise);
    const pieces = piecesOf(noise, 90_000);
    const sources = [
      () => pieces,
      () => Readable.from(pieces),
      () => new Blob(pieces).stream(),
      async function* () {
        for (const piece of pieces) yield piece;
      },
    ];
    for (const source of sources) {
      const hasher = await crypto
        .createHasher("sha256")
        .updateFrom(source() as Iterable<Uint8Array>);
      expect(hasher.digest()).toBe(whole);
    }
    const file = await crypto.createHasher("sha256").updateFromFile(thisFile);
    const stream = await crypto.createHasher("sha256").updateFrom(createReadStream(thisFile));
    expect(file.digest()).toBe(stream.digest());
  });

  it("pass on what flows through their streams", async () => {
    const pieces = piecesOf(noise, 50_000);
    const hasher = crypto.createHasher("sha256");
    const arrived: Buffer[] = [];
    const end = new PassThrough().on("data", (chunk: Buffer) => arrived.push(chunk));
    await pipeline(Readable.from(pieces), hasher.toNodeStream(), end);
    expect(Buffer.concat(arrived).equals(noise)).toBe(true);
    expect(hasher.digest()).toBe(crypto.hash("sha256", noise));

    const ofTheWeb = crypto.createHasher("sha256");
    const passed = new Blob([noise]).stream().pipeThrough(ofTheWeb.toWebStream());
    expect(
      Buffer.from(await new Response(passed as ReadableStream).arrayBuffer()).equals(noise),
    ).toBe(true);
    expect(ofTheWeb.digest()).toBe(crypto.hash("sha256", noise));
  });

  it("take texts of a Node stream in their encoding", async () => {
    const hasher = crypto.createHasher("sha256");
    const stream = hasher.toNodeStream().resume();
    stream.write("é");
    stream.write("c3a9", "hex");
    stream.end("é", "latin1");
    await new Promise((resolve) => stream.once("end", resolve));
    expect(hasher.digest()).toBe(crypto.hash("sha256", Buffer.from("c3a9c3a9e9", "hex")));
  });

  it("an asynchronous update that fails ends the hasher; meanwhile it is busy", async () => {
    const hasher = crypto.createHasher("sha256");
    const failing = new Error("source");
    const running = hasher.updateFrom(
      (async function* () {
        yield "x";
        throw failing;
      })(),
    );
    expect(() => hasher.update("y")).toThrow(
      "its last updateFrom or updateFromFile is still running",
    );
    await expect(running).rejects.toBe(failing);
    expect(() => hasher.digest()).toThrow("an asynchronous update failed");
    const reason = new Error("enough");
    const other = crypto.createHasher("sha256");
    const aborted = other.updateFrom(["a"], { signal: AbortSignal.abort(reason) });
    await expect(aborted).rejects.toBe(reason);
    expect(other.update("a").digest()).toBe(crypto.hash("sha256", "a"));
  });

  it("refuse a piece of a source that is no data", async () => {
    const rejection = await rejectionOf(
      crypto.createHasher("sha256").updateFrom([1] as unknown as Iterable<string>),
    );
    expect(rejection.message).toContain("argument 1 (source[0]) must be a string or bytes");
  });
});

const mistakes: [string, (crypto: typeof native) => unknown, string][] = [
  [
    "data that is a number",
    (c) => c.createHasher("sha256").update(5 as never),
    "argument 1 (data) must be a string or bytes (a Uint8Array, ArrayBuffer or DataView), got 5",
  ],
  [
    "detached data",
    (c) => c.createHasher("sha256").update(detached(new Uint8Array(4))),
    "argument 1 (data) must be bytes that are not detached",
  ],
  [
    "a second digest",
    (c) => {
      const hasher = c.createHasher("sha256");
      hasher.digest();
      return hasher.digest();
    },
    "the hasher cannot be used: its digest was taken",
  ],
  [
    "a copy after the digest",
    (c) => {
      const hasher = c.createHmac("sha256", "key");
      hasher.digest();
      return hasher.copy();
    },
    "the hasher cannot be used: its digest was taken",
  ],
  [
    "an unknown encoding",
    (c) => c.createHasher("sha256").digest("utf8" as never),
    'argument 1 (encoding) must be "hex"',
  ],
  ["an unknown algorithm", (c) => c.createHasher("sha257"), 'got "sha257"'],
];

describe("a mistake with a hasher is refused by both backends, in the same words", () => {
  it.each(mistakes)("%s", (_, call, words) => {
    const error = errorOf(() => call(native));
    expect(error).toEqual(errorOf(() => call(node)));
    expect(error.message).toContain(words);
  });
});
