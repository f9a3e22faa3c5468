import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import type { VerifyOptions } from "../../src/crypto/index.js";
import { repositoryRoot } from "../support/compile.js";
import { backends } from "../unit/crypto/backends.js";

/**
 * C2SP/wycheproof at dac1dd4 (2026-08-18), unchanged but compressed; the licence, Apache-2.0, lies
 * beside the files. Attacks of twenty years on the parsers and the arithmetic of signatures.
 */
const directory = join(repositoryRoot, "test", "fixtures", "wycheproof");

interface Case {
  readonly tcId: number;
  readonly comment: string;
  readonly msg: string;
  readonly sig: string;
  readonly result: "valid" | "invalid" | "acceptable";
}

interface Group {
  readonly type: string;
  readonly publicKeyPem: string;
  readonly sLen?: number;
  readonly tests: readonly Case[];
}

/** How signatures of a group are made. */
function optionsOf(group: Group): VerifyOptions | undefined {
  switch (group.type) {
    case "EcdsaP1363Verify":
      return { dsaEncoding: "ieee-p1363" };
    case "RsassaPssVerify":
      return { padding: "pss", ...(group.sLen === undefined ? {} : { saltLength: group.sLen }) };
    case "EcdsaVerify":
    case "EddsaVerify":
    case "RsassaPkcs1Verify":
      return undefined;
    default:
      throw new Error(`no test for groups of type ${group.type}`);
  }
}

const files = readdirSync(directory)
  .filter((name) => name.endsWith(".json.gz"))
  .map((name) => {
    const text = gunzipSync(readFileSync(join(directory, name))).toString();
    const { numberOfTests, testGroups } = JSON.parse(text) as {
      numberOfTests: number;
      testGroups: Group[];
    };
    return { name, numberOfTests, testGroups };
  });

it("all the files are there", () => {
  expect(files).toHaveLength(12);
  expect(files.reduce((sum, { numberOfTests }) => sum + numberOfTests, 0)).toBe(3723);
});

describe.each(backends)("Wycheproof, $name backend", ({ crypto }) => {
  it.each(files)("$name: valid signatures verify, all others do not", (file) => {
    let count = 0;
    for (const group of file.testGroups) {
      const key = crypto.importPublicKey(group.publicKeyPem);
      const options = optionsOf(group);
      for (const { tcId, comment, msg, sig, result } of group.tests) {
        const [data, signature] = [Buffer.from(msg, "hex"), Buffer.from(sig, "hex")];
        // The one that is "acceptable" lacks the NULL of RSA's DigestInfo: refused (RFC 8017, 9.2).
        const name = `${tcId}: ${comment}`;
        expect([name, crypto.verify(key, data, signature, options)]).toEqual([
          name,
          result === "valid",
        ]);
        count++;
      }
    }
    expect(count).toBe(file.numberOfTests);
  });

  it("many at a time, with a key for each, give the same answers", async () => {
    for (const file of files.filter(({ name }) =>
      /^(ed25519|ecdsa_secp256.._sha256)_test/.test(name),
    )) {
      const tests = file.testGroups.flatMap((group) =>
        group.tests.map((test) => ({ ...test, key: crypto.importPublicKey(group.publicKeyPem) })),
      );
      const keys = tests.map(({ key }) => key);
      const inputs = tests.map(({ msg }) => Buffer.from(msg, "hex"));
      const signatures = tests.map(({ sig }) => Buffer.from(sig, "hex"));
      const expected = tests.map(({ result }) => result === "valid");
      expect(crypto.verifyMany(keys, inputs, signatures)).toEqual(expected);
      expect(await crypto.verifyManyAsync(keys, inputs, signatures)).toEqual(expected);
    }
  });
});
