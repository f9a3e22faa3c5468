import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { hash, hashMany, hmac } from "../../src/crypto/index.js";
import { createRandom, seed } from "../support/random.js";

/** Random data of every length to 300, and around larger boundaries, by the openssl command. */
const directory = mkdtempSync(join(tmpdir(), "nearfar-digests-"));
afterAll(() => rmSync(directory, { recursive: true }));

const random = createRandom(seed);
const AROUND = [511, 512, 513, 1023, 1024, 1025, 4095, 4096, 4097, 65_535, 65_536, 65_537];
const inputs = [...Array.from({ length: 301 }, (_, length) => length), ...AROUND].map((length) =>
  Buffer.from(Uint8Array.from({ length }, () => random() * 256)),
);
const files = inputs.map((input) => {
  const path = join(directory, String(input.length));
  writeFileSync(path, input);
  return path;
});

const ALGORITHMS = [
  ...["md5", "sha1", "sha224", "sha256", "sha384", "sha512", "sha512-224", "sha512-256"],
  ...["sha3-224", "sha3-256", "sha3-384", "sha3-512", "blake2b512", "blake2s256", "sm3"],
];

/** What `openssl dgst -r` prints of each file: the digest and the file's name. */
function opensslDigests(...args: string[]): string[] {
  const { status, stdout, stderr } = spawnSync("openssl", ["dgst", "-r", ...args, ...files], {
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(stderr);
  return stdout
    .trim()
    .split("\n")
    .map((line) => line.slice(0, line.indexOf(" ")));
}

describe(`digests are those of the openssl command (NEARFAR_SEED=${seed})`, () => {
  it.each(ALGORITHMS)("%s, one by one and many at a time", (algorithm) => {
    const expected = opensslDigests(`-${algorithm}`);
    expect(inputs.map((input) => hash(algorithm, input))).toEqual(expected);
    expect(hashMany(algorithm, inputs)).toEqual(expected);
  });

  it("an extendable output of any length", () => {
    const expected = opensslDigests("-shake256", "-xoflen", "77");
    expect(hashMany("shake256", inputs, { outputLength: 77 })).toEqual(expected);
  });

  it("HMAC", () => {
    const expected = opensslDigests("-sha512", "-hmac", "a key");
    expect(inputs.map((input) => hmac("sha512", "a key", input))).toEqual(expected);
  });
});
