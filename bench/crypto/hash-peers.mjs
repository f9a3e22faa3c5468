// Who hashes: the runtime that it runs on, and a function that makes
// `(data) => hexadecimal digest`. Loaded by every runtime: only what all of them have is imported
// here.

const nodeCrypto = () => import("node:crypto");

export const HASH_PEERS = {
  "nearfar hash": {
    runtime: "node",
    async load() {
      const { hash } = await import("../../dist/crypto/index.js");
      return (data) => hash("sha256", data);
    },
  },
  "nearfar hash, buffer": {
    runtime: "node",
    async load() {
      const { hash } = await import("../../dist/crypto/index.js");
      return (data) => hash("sha256", data, "buffer");
    },
  },
  "nearfar hashInto": {
    runtime: "node",
    async load() {
      const { hashInto } = await import("../../dist/crypto/index.js");
      const out = Buffer.alloc(32);
      return (data) => {
        hashInto("sha256", data, out);
        return out;
      };
    },
  },
  "crypto.hash": {
    runtime: "node",
    async load() {
      const { hash } = await nodeCrypto();
      return (data) => hash("sha256", data, "hex");
    },
  },
  "crypto.hash, buffer": {
    runtime: "node",
    async load() {
      const { hash } = await nodeCrypto();
      return (data) => hash("sha256", data, "buffer");
    },
  },
  createHash: {
    runtime: "node",
    async load() {
      const { createHash } = await nodeCrypto();
      return (data) => createHash("sha256").update(data).digest("hex");
    },
  },
  "sodium-native": {
    runtime: "node",
    async load() {
      const { default: sodium } = await import("sodium-native");
      const out = Buffer.alloc(32);
      return (data) => {
        sodium.crypto_hash_sha256(out, data);
        return out;
      };
    },
  },
  "@noble/hashes": {
    runtime: "node",
    async load() {
      const { sha256 } = await import("@noble/hashes/sha2.js");
      return (data) => Buffer.from(sha256(data).buffer);
    },
  },
  "hash-wasm": {
    runtime: "node",
    async load() {
      const { createSHA256 } = await import("hash-wasm");
      const hasher = await createSHA256();
      return (data) => hasher.init().update(data).digest("hex");
    },
  },
  "Bun.SHA256": {
    runtime: "bun",
    load: async () => (data) => globalThis.Bun.SHA256.hash(data, "hex"),
  },
  "Deno's createHash": {
    runtime: "deno",
    async load() {
      const { createHash } = await nodeCrypto();
      return (data) => createHash("sha256").update(data).digest("hex");
    },
  },
};
