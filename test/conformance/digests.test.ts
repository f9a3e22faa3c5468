import { describe, expect, it } from "vitest";
import { backends, type CryptoModule } from "../unit/crypto/backends.js";
import { field, messageOf, parseVectors, readVectors, vectorFiles } from "./digest-vectors.js";

/** `SHA512_224ShortMsg.rsp.gz` -> `SHA512_224`, which is a spelling that hash takes. */
function algorithmOf(file: string): string {
  return file.replace(/(ShortMsg|Monte|VariableOut)\.rsp\.gz$/, "");
}

/** Each step hashes what the one before left; only the last of 1000 is in the file. */
function monteCarlo(crypto: CryptoModule, algorithm: string, seed: Buffer): Buffer {
  if (algorithm.startsWith("SHA3_")) {
    let digest = seed;
    for (let step = 0; step < 1000; step++) digest = crypto.hash(algorithm, digest, "buffer");
    return digest;
  }
  let window = [seed, seed, seed];
  for (let step = 0; step < 1000; step++) {
    const digest = crypto.hash(algorithm, Buffer.concat(window), "buffer");
    window = [...window.slice(1), digest];
  }
  return window[2] ?? seed;
}

const extendable = (name: string) => name.startsWith("SHAKE");
const messageFiles = vectorFiles("ShortMsg.rsp.gz");
const monteFiles = vectorFiles("Monte.rsp.gz");

/** Counts of a Monte Carlo file that are run: node:crypto takes several times as long. */
const MONTE_COUNTS = { native: 100, node: 5 };

describe.each(backends)("NIST's vectors, $name backend", ({ name, crypto }) => {
  it.each(messageFiles)("%s", (file) => {
    const algorithm = algorithmOf(file);
    const vectors = parseVectors(readVectors(file)).filter((vector) => "Len" in vector);
    const messages = vectors.map(messageOf);
    const digests = vectors.map((vector) => vector.MD ?? field(vector, "Output"));
    expect(vectors.length).toBeGreaterThan(60);
    expect(messages.map((message) => crypto.hash(algorithm, message))).toEqual(digests);
    expect(crypto.hashMany(algorithm, messages)).toEqual(digests);
    const inPieces = messages.map((message) => {
      const half = message.length >> 1;
      const hasher = crypto.createHasher(algorithm).update(message.subarray(0, half));
      return hasher.update(message.subarray(half)).digest();
    });
    expect(inPieces).toEqual(digests);
  });

  it.each(monteFiles.filter((file) => !extendable(file)))("%s", (file) => {
    const algorithm = algorithmOf(file);
    const vectors = parseVectors(readVectors(file));
    let digest = Buffer.from(
      field(
        vectors.find((vector) => "Seed" in vector),
        "Seed",
      ),
      "hex",
    );
    const counts = vectors.filter((vector) => "COUNT" in vector).slice(0, MONTE_COUNTS[name]);
    expect(counts).toHaveLength(MONTE_COUNTS[name]);
    for (const vector of counts) {
      digest = Buffer.from(monteCarlo(crypto, algorithm, digest));
      expect(digest.toString("hex")).toBe(field(vector, "MD"));
    }
  });

  it.each(vectorFiles("VariableOut.rsp.gz"))("%s", (file) => {
    const vectors = parseVectors(readVectors(file)).filter((vector) => "COUNT" in vector);
    expect(vectors.length).toBeGreaterThan(1000);
    const outputs = vectors.map((vector) => {
      const outputLength = Number(field(vector, "Outputlen")) / 8;
      return crypto.hash(algorithmOf(file), messageOf(vector), { outputLength });
    });
    expect(outputs).toEqual(vectors.map((vector) => field(vector, "Output")));
  });

  it.each(monteFiles.filter(extendable))("%s", (file) => {
    const text = readVectors(file);
    const [least = 0, most = 0] = ["Minimum", "Maximum"].map(
      (word) =>
        Number(new RegExp(`${word} Output Length \\(bits\\) = (\\d+)`).exec(text)?.[1]) >> 3,
    );
    const vectors = parseVectors(text);
    let output = Buffer.from(
      field(
        vectors.find((vector) => "Msg" in vector),
        "Msg",
      ),
      "hex",
    );
    let outputLength = most;
    const counts = vectors.filter((vector) => "COUNT" in vector).slice(0, MONTE_COUNTS[name]);
    for (const vector of counts) {
      let used = outputLength;
      for (let step = 0; step < 1000; step++) {
        const message = Buffer.alloc(16);
        output.copy(message, 0, 0, 16);
        used = outputLength;
        const options = { encoding: "buffer", outputLength: used } as const;
        output = Buffer.from(crypto.hash(algorithmOf(file), message, options));
        outputLength = least + (output.readUInt16BE(used - 2) % (most - least + 1));
      }
      expect(used * 8).toBe(Number(field(vector, "Outputlen")));
      expect(output.toString("hex")).toBe(field(vector, "Output"));
    }
  });
});

interface WycheproofFile {
  readonly testGroups: readonly {
    readonly tagSize: number;
    readonly tests: readonly {
      readonly tcId: number;
      readonly key: string;
      readonly msg: string;
      readonly tag: string;
      readonly result: "valid" | "invalid";
    }[];
  }[];
}

const bytes = (hex: string) => Buffer.from(hex, "hex");

describe.each(backends)("vectors of HMAC, $name backend", ({ crypto }) => {
  it.each(vectorFiles(".txt.gz"))("%s", (file) => {
    const algorithm = /-(\w+)\.txt\.gz$/.exec(file)?.[1] ?? "";
    const vectors = parseVectors(readVectors(file)).filter((vector) => "Key" in vector);
    expect(vectors.length).toBeGreaterThan(4);
    const codes = vectors.map((vector) =>
      crypto.hmac(algorithm, bytes(field(vector, "Key")), messageOf(vector)),
    );
    expect(codes).toEqual(vectors.map((vector) => field(vector, "MD")));
  });

  it.each(vectorFiles("_test.json.gz"))("Wycheproof's %s", (file) => {
    const algorithm = /^hmac_(\w+)_test/.exec(file)?.[1] ?? "";
    const { testGroups } = JSON.parse(readVectors(file)) as WycheproofFile;
    const tests = testGroups.flatMap(({ tagSize, tests }) =>
      tests.map((test) => ({ ...test, tagSize })),
    );
    expect(tests.length).toBeGreaterThan(100);
    const wrong = tests.filter(({ key, msg, tag, tagSize, result }) => {
      const code = crypto.hmac(algorithm, bytes(key), bytes(msg)).slice(0, tagSize / 4);
      const hasher = crypto.createHmac(algorithm, bytes(key)).update(bytes(msg));
      const agrees = hasher.digest().startsWith(code);
      return (code === tag) !== (result === "valid") || !agrees;
    });
    expect(wrong.map(({ tcId }) => tcId)).toEqual([]);
  });
});
