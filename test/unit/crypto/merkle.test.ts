import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { backends, rejectionOf } from "./backends.js";

/** The definition of RFC 9162, section 2.1.1, word for word. */
function definition(algorithm: string, leaves: readonly Uint8Array[]): Buffer {
  const digest = (...parts: Uint8Array[]) =>
    createHash(algorithm).update(Buffer.concat(parts)).digest();
  const [first] = leaves;
  if (first === undefined) return digest();
  if (leaves.length === 1) return digest(Uint8Array.of(0), first);
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  const left = definition(algorithm, leaves.slice(0, split));
  return digest(Uint8Array.of(1), left, definition(algorithm, leaves.slice(split)));
}

/** The leaves and roots of certificate-transparency's tests of merkle trees (Apache-2.0). */
const LEAVES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657"].concat(
  "606162636465666768696a6b6c6d6e6f",
);
const ROOTS = [
  "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
  "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
  "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
  "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
  "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
  "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
  "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
  "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
  "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

describe.each(backends)("Merkle roots, $name backend", ({ crypto }) => {
  it.each(ROOTS.map((root, count) => ({ root, count })))("of $count leaves", async (vector) => {
    const leaves = LEAVES.slice(0, vector.count).map((hex) => Buffer.from(hex, "hex"));
    expect(crypto.merkleRoot("sha256", leaves)).toBe(vector.root);
    expect(await crypto.merkleRootAsync("sha256", leaves)).toBe(vector.root);
    expect(crypto.merkleRoot("sha256", leaves, "buffer").toString("hex")).toBe(vector.root);
  });

  it.each(["sha256", "sha512", "sha3-256", "sha1"])("%s: every number of leaves", (algorithm) => {
    const leaves = Array.from({ length: 70 }, (_, index) => Buffer.alloc(index * 5, index));
    for (let count = 0; count <= leaves.length; count++) {
      const some = leaves.slice(0, count);
      expect(crypto.merkleRoot(algorithm, some, "buffer")).toEqual(definition(algorithm, some));
    }
  });

  it.each([255, 256, 257, 511, 1023, 1024, 1025, 2049, 5000])(
    "of %d records, by all threads as well",
    async (count) => {
      const data = Buffer.alloc(count * 37);
      for (let index = 0; index < count; index++)
        data.writeUInt32LE((index * 2654435761) % 2 ** 32, index * 37);
      const leaves = Array.from({ length: count }, (_, index) =>
        data.subarray(index * 37, (index + 1) * 37),
      );
      const root = definition("sha256", leaves).toString("hex");
      expect(crypto.merkleRoot("sha256", { data, recordSize: 37 })).toBe(root);
      expect(await crypto.merkleRootAsync("sha256", { data, recordSize: 37 })).toBe(root);
      expect(await crypto.merkleRootAsync("sha256", leaves)).toBe(root);
    },
  );

  it("tell a leaf from a node, and an extendable output has a length", () => {
    const [a = Buffer.of(), b = Buffer.of()] = crypto.hashMany("sha256", ["\0a", "\0b"], "buffer");
    const forged = Buffer.concat([Buffer.of(1), a, b]);
    expect(crypto.merkleRoot("sha256", [forged])).not.toBe(crypto.merkleRoot("sha256", ["a", "b"]));
    const options = { outputLength: 48, encoding: "buffer" } as const;
    expect(crypto.merkleRoot("shake256", ["a", "b", "c"], options)).toHaveLength(48);
    expect(crypto.merkleRoot("shake256", [], options)).toHaveLength(48);
  });

  it("refuse what hashMany refuses", async () => {
    expect(() => crypto.merkleRoot("sha256", [5 as never])).toThrow("argument 2 (inputs[0])");
    const rejection = await rejectionOf(crypto.merkleRootAsync("sha256", 5 as never));
    expect(rejection.message).toContain("argument 2 (inputs) must be an array");
  });
});
