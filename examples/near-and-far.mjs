// The same service, the same calls: once through native code in this process, once over HTTP.
//   node examples/near-and-far.mjs
import { createClient } from "nearfar";
import { generateKeyPair } from "nearfar/crypto";
import { createServer } from "nearfar/server";
import { CryptoService } from "nearfar/services";

const server = createServer({ services: [CryptoService] });
const { url } = await server.listen();

const near = createClient(CryptoService, { mode: "ffi" });
const far = createClient(CryptoService, { mode: "http", baseUrl: url });

const { privateKey, publicKey } = generateKeyPair("ed25519");
const pem = {
  private: privateKey.toKeyObject().export({ format: "pem", type: "pkcs8" }),
  public: publicKey.toKeyObject().export({ format: "pem", type: "spki" }),
};

for (const [way, client] of [
  ["near", near],
  ["far", far],
]) {
  console.log(way, "goes", client.$routes.hash_data.route);
  console.log(way, "hash", await client.hash_data("Hello, World!", "SHA256"));
}

// What one signs, the other verifies.
const signature = await near.sign_data("a message", pem.private);
console.log(
  "near signed, far verifies:",
  await far.verify_signature("a message", signature, pem.public),
);

await far.$close();
await near.$close();
await server.close();
