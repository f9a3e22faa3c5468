import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { generateKeyPair } from "../../src/crypto/index.js";
import { createClient } from "../../src/index.js";
import { CryptoService } from "../../src/services/index.js";

const directory = mkdtempSync(join(tmpdir(), "nearfar-openssl-"));
afterAll(() => rmSync(directory, { recursive: true }));

const message = Buffer.from("signed near, verified by the openssl command");

function write(name: string, content: string | Uint8Array): string {
  const path = join(directory, name);
  writeFileSync(path, content);
  return path;
}

/** The command line that verifies a signature: what it prints, and its exit code. */
function verify(algorithm: string, key: string, signature: string, data: string) {
  const args =
    algorithm === "ed25519"
      ? [
          "pkeyutl",
          "-verify",
          "-pubin",
          "-inkey",
          key,
          "-rawin",
          "-in",
          data,
          "-sigfile",
          signature,
        ]
      : ["dgst", "-sha256", "-verify", key, "-signature", signature, data];
  const { status, stdout } = spawnSync("openssl", args, { encoding: "utf8" });
  return { status, stdout };
}

describe.each(["ed25519", "p256", "secp256k1"] as const)(
  "a %s signature made near",
  (algorithm) => {
    it("is verified by the openssl command, and a changed message is not", async () => {
      const { privateKey, publicKey } = generateKeyPair(algorithm);
      const pem = privateKey.toKeyObject().export({ format: "pem", type: "pkcs8" }) as string;
      const client = createClient(CryptoService, { mode: "ffi" });
      const signature = write(`${algorithm}.sig`, await client.sign_data(message, pem));
      const key = write(
        `${algorithm}.pem`,
        publicKey.toKeyObject().export({ format: "pem", type: "spki" }),
      );
      const good = verify(algorithm, key, signature, write("message", message));
      expect(good).toMatchObject({ status: 0, stdout: expect.stringMatching(/Verified/) });
      const bad = verify(
        algorithm,
        key,
        signature,
        write("changed", Buffer.concat([message, message])),
      );
      expect(bad.status).not.toBe(0);
    });
  },
);
