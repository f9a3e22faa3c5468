import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ed448 } from "@noble/curves/ed448.js";
import { ed25519 } from "@noble/curves/ed25519.js";
import { p256, p384, p521 } from "@noble/curves/nist.js";
import { secp256k1 } from "@noble/curves/secp256k1.js";
import { afterAll, describe, expect, it } from "vitest";
import { generateKeyPair, importPrivateKey, sign, verify } from "../../src/crypto/index.js";

/**
 * The openssl command, Python's cryptography and @noble/curves verify what is signed here, and the
 * reverse.
 */
const directory = mkdtempSync(join(tmpdir(), "nearfar-signatures-"));
afterAll(() => rmSync(directory, { recursive: true }));

const HASHES = {
  ed25519: undefined,
  ed448: undefined,
  p256: "sha256",
  p384: "sha384",
  p521: "sha512",
  secp256k1: "sha256",
  rsa: "sha256",
  "rsa-pss": "sha256",
} as const;

const ALGORITHMS = Object.keys(HASHES) as (keyof typeof HASHES)[];
const message = Buffer.from("signed in one place, verified in another");

function write(name: string, content: string | Uint8Array): string {
  const path = join(directory, name);
  writeFileSync(path, content);
  return path;
}

/** The files of one algorithm: a key made here, a message, and our signature of it. */
function prepare(algorithm: keyof typeof HASHES) {
  const options = algorithm.startsWith("rsa") ? { modulusLength: 2048 } : {};
  const { privateKey, publicKey } = generateKeyPair(algorithm, options);
  return {
    privateKey,
    publicKey,
    privateFile: write(`${algorithm}.key`, privateKey.export({ format: "pem" })),
    publicFile: write(`${algorithm}.pub`, publicKey.export({ format: "pem" })),
    messageFile: write("message", message),
    signatureFile: write(`${algorithm}.sig`, sign(privateKey, message)),
  };
}

const keys = new Map(ALGORITHMS.map((algorithm) => [algorithm, prepare(algorithm)]));

function filesOf(algorithm: keyof typeof HASHES): ReturnType<typeof prepare> {
  return keys.get(algorithm) as ReturnType<typeof prepare>;
}

function run(command: string, args: readonly string[], input?: string) {
  const { status, stdout, stderr } = spawnSync(command, args, {
    encoding: "utf8",
    ...(input === undefined ? {} : { input }),
  });
  return { status, output: `${stdout}${stderr}` };
}

/** What `openssl pkeyutl` and `openssl dgst` need for an algorithm. */
function opensslArguments(algorithm: keyof typeof HASHES): string[] {
  const hash = HASHES[algorithm];
  const salt = algorithm === "rsa-pss" ? ["-sigopt", "rsa_pss_saltlen:digest"] : [];
  return hash === undefined ? [] : ["dgst", `-${hash}`, ...salt];
}

describe.each(ALGORITHMS)("%s and the openssl command", (algorithm) => {
  const raw = ["pkeyutl", "-rawin"];

  it("verifies our signature and refuses another message", () => {
    const { publicFile, messageFile, signatureFile } = filesOf(algorithm);
    const check = (file: string) => {
      const dgst = opensslArguments(algorithm);
      return dgst.length > 0
        ? run("openssl", [...dgst, "-verify", publicFile, "-signature", signatureFile, file])
        : run("openssl", [
            ...[...raw, "-verify", "-pubin", "-inkey", publicFile],
            ...["-in", file, "-sigfile", signatureFile],
          ]);
    };
    expect(check(messageFile)).toMatchObject({
      status: 0,
      output: expect.stringMatching(/Verified/),
    });
    expect(check(write("other", "another message")).status).not.toBe(0);
  });

  it("makes a signature that verifies here, with a key of ours", () => {
    const { privateFile, publicKey, messageFile } = filesOf(algorithm);
    const out = join(directory, `${algorithm}.openssl.sig`);
    const dgst = opensslArguments(algorithm);
    const signed =
      dgst.length > 0
        ? run("openssl", [...dgst, "-sign", privateFile, "-out", out, messageFile])
        : run("openssl", [
            ...[...raw, "-sign", "-inkey", privateFile],
            ...["-in", messageFile, "-out", out],
          ]);
    expect(signed.status, signed.output).toBe(0);
    const signature = readFileSync(out);
    expect(verify(publicKey, message, signature)).toBe(true);
    expect(verify(publicKey, "another message", signature)).toBe(false);
  });
});

/** Verifies our signature and writes its own of the same message. */
const PROGRAM = `
import sys
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding

algorithm, hash_name, private_file, public_file, message_file, signature_file, out = sys.argv[1:]
read = lambda name: open(name, "rb").read()
message, signature = read(message_file), read(signature_file)
public_key = serialization.load_pem_public_key(read(public_file))
private_key = serialization.load_pem_private_key(read(private_file), None)
if algorithm.startswith("ed"):
    how = ()
elif algorithm == "rsa":
    how = (padding.PKCS1v15(), hashes.SHA256())
else:
    how = (ec.ECDSA({"sha256": hashes.SHA256, "sha384": hashes.SHA384, "sha512": hashes.SHA512}[hash_name]()),)
public_key.verify(signature, message, *how)
open(out, "wb").write(private_key.sign(message, *how))
print("verified")
`;

// The first python3 may be another than the system's, which has the packages.
const python = ["python3", "/usr/bin/python3"].find(
  (command) => run(command, ["-c", "import cryptography"]).status === 0,
);

it("CI has Python's cryptography", () => {
  expect(python !== undefined || process.env.CI === undefined).toBe(true);
});

// Its 38.0, which Debian 12 has, does not read keys with the identifier of RSA-PSS.
const known = ALGORITHMS.filter((algorithm) => algorithm !== "rsa-pss");

describe.runIf(python !== undefined).each(known)("%s and Python's cryptography", (algorithm) => {
  it("verify each other", () => {
    const { publicKey, ...files } = filesOf(algorithm);
    const out = join(directory, `${algorithm}.python.sig`);
    const { privateFile, publicFile, messageFile, signatureFile } = files;
    const names = [privateFile, publicFile, messageFile, signatureFile, out];
    const result = run(python ?? "", ["-", algorithm, HASHES[algorithm] ?? "", ...names], PROGRAM);
    expect(result).toEqual({ status: 0, output: "verified\n" });
    expect(verify(publicKey, message, readFileSync(out))).toBe(true);
  });
});

it("an encrypted key of ours opens in the openssl command, and one of its own here", () => {
  const { privateKey, publicKey } = filesOf("p256");
  const ours = write("ours.pem", privateKey.export({ format: "pem", passphrase: "open" }));
  const opened = run("openssl", ["pkey", "-in", ours, "-passin", "pass:open"]);
  const key = importPrivateKey(opened.output.slice(opened.output.indexOf("-----BEGIN")));
  expect(verify(publicKey, message, sign(key, message))).toBe(true);
  const theirs = join(directory, "theirs.pem");
  const plain = write("plain.pem", privateKey.export({ format: "pem" }));
  const args = ["pkcs8", "-topk8", "-in", plain, "-out", theirs, "-passout", "pass:shut"];
  expect(run("openssl", [...args, "-v2", "aes-128-cbc"]).status).toBe(0);
  const again = importPrivateKey(readFileSync(theirs, "utf8"), { passphrase: "shut" });
  expect(again.toKeyObject().equals(privateKey.toKeyObject())).toBe(true);
});

describe.each(Object.entries({ ed25519, ed448 }))("%s and @noble/curves", (name, curve) => {
  it("verify each other", () => {
    const { privateKey, publicKey } = filesOf(name as "ed25519");
    const seed = privateKey.export({ format: "raw" });
    const point = publicKey.export({ format: "raw" });
    expect(curve.verify(sign(privateKey, message), message, point)).toBe(true);
    expect(curve.sign(message, seed)).toEqual(new Uint8Array(sign(privateKey, message)));
    const theirs = curve.utils.randomSecretKey();
    const key = importPrivateKey(theirs, { format: "raw", algorithm: name as "ed25519" });
    expect(verify(key.publicKey, message, curve.sign(message, theirs))).toBe(true);
  });
});

describe.each(Object.entries({ p256, p384, p521, secp256k1 }))(
  "%s and @noble/curves",
  (name, curve) => {
    it.each(["der", "ieee-p1363"] as const)("verify each other, %s", (dsaEncoding) => {
      const { privateKey, publicKey } = filesOf(name as "p256");
      const format = dsaEncoding === "der" ? "der" : "compact";
      const point = publicKey.export({ format: "raw" });
      const ours = sign(privateKey, message, { dsaEncoding });
      expect(curve.verify(ours, message, point, { format, lowS: false })).toBe(true);
      expect(curve.verify(ours, Buffer.from("another"), point, { format, lowS: false })).toBe(
        false,
      );
      const theirs = curve.sign(message, privateKey.export({ format: "raw" }), { format });
      expect(verify(publicKey, message, theirs, { dsaEncoding })).toBe(true);
      expect(verify(publicKey, "another message", theirs, { dsaEncoding })).toBe(false);
    });
  },
);
