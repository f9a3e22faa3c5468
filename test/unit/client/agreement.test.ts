import { generateKeyPairSync } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createClient, type ServiceClient } from "../../../src/index.js";
import { createServer, type Server } from "../../../src/server/index.js";
import { CryptoService } from "../../../src/services/index.js";

type Client = ServiceClient<typeof CryptoService>;

const socketPath = join(tmpdir(), `nearfar-agreement-${process.pid}.sock`);
const ed25519 = generateKeyPairSync("ed25519");
const p256 = generateKeyPairSync("ec", { namedCurve: "P-256" });

let servers: Server[];
let clients: { near: Client; tcp: Client; unix: Client };

beforeAll(async () => {
  servers = [
    createServer({ services: [CryptoService] }),
    createServer({ services: [CryptoService], socketPath }),
  ];
  const [tcp, unix] = await Promise.all(servers.map((server) => server.listen()));
  clients = {
    near: createClient(CryptoService, { mode: "ffi" }),
    tcp: createClient(CryptoService, { mode: "http", baseUrl: tcp?.url ?? "" }),
    unix: createClient(CryptoService, { mode: "http", baseUrl: unix?.url ?? "" }),
  };
});

afterAll(async () => {
  await Promise.all(Object.values(clients).map((client) => client.$close()));
  await Promise.all(servers.map((server) => server.close()));
});

const data = fc.oneof(fc.string({ unit: "binary", maxLength: 300 }), fc.uint8Array());
const algorithm = fc.constantFrom(undefined, "SHA256", "sha1", "SHA-512", "sha3-256", "blake2b512");

const hashCall = fc.tuple(data, algorithm).map(
  ([value, name]) =>
    (client: Client) =>
      name === undefined ? client.hash_data(value) : client.hash_data(value, name),
);
const seed = ed25519.privateKey.export({ format: "jwk" }).d ?? "";
const publicJwk = ed25519.publicKey.export({ format: "jwk" }).x ?? "";
const privateKeys = [
  ed25519.privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
  new Uint8Array(Buffer.from(seed, "base64url")),
];
const publicKeys = [
  ed25519.publicKey.export({ type: "spki", format: "pem" }).toString(),
  new Uint8Array(Buffer.from(publicJwk, "base64url")),
  p256.publicKey.export({ type: "spki", format: "pem" }).toString(),
];
const signCall = fc.tuple(data, fc.constantFrom(...privateKeys)).map(
  ([value, key]) =>
    (client: Client) =>
      client.sign_data(value, key),
);
const verifyCall = fc
  .tuple(data, fc.uint8Array({ minLength: 64, maxLength: 64 }), fc.constantFrom(...publicKeys))
  .map(
    ([value, signature, key]) =>
      (client: Client) =>
        client.verify_signature(value, signature, key),
  );

describe("CryptoService", () => {
  it("gives the same results near, over TCP and over a Unix socket", async () => {
    let calls = 0;
    await fc.assert(
      fc.asyncProperty(fc.oneof(hashCall, signCall, verifyCall), async (call) => {
        const near = await call(clients.near);
        expect(await call(clients.tcp)).toEqual(near);
        expect(await call(clients.unix)).toEqual(near);
        calls++;
      }),
      { numRuns: 200 },
    );
    expect(calls).toBe(200);
  });

  it("verifies near what was signed far, and far what was signed near", async () => {
    const pem = p256.privateKey.export({ type: "pkcs8", format: "pem" }).toString();
    const publicPem = publicKeys[2] ?? "";
    for (const [signer, verifier] of [
      [clients.near, clients.tcp],
      [clients.tcp, clients.near],
      [clients.unix, clients.tcp],
    ] as const) {
      const signature = await signer.sign_data("message", pem);
      expect(await verifier.verify_signature("message", signature, publicPem)).toBe(true);
      expect(await verifier.verify_signature("another", signature, publicPem)).toBe(false);
    }
  });

  it("knows the SHA-256 of its specification", async () => {
    expect(await clients.near.hash_data("Hello, World!", "SHA256")).toBe(
      "dffd6021bb2bd5b0af676290809ec3a53191dd81c7f70a4b28688a362182986f",
    );
  });
});
