import nodeCrypto from "node:crypto";
import { describe, expect, it } from "vitest";
import type { KeyAlgorithm } from "../../../src/crypto/index.js";
import { detached, errorOf, native, node } from "./backends.js";

const ed25519 = nodeCrypto.generateKeyPairSync("ed25519");
const rsa = nodeCrypto.generateKeyPairSync("rsa", { modulusLength: 2048 });
const rsaPss = nodeCrypto.generateKeyPairSync("rsa-pss", { modulusLength: 2048 });
const shortRsa = nodeCrypto.generateKeyPairSync("rsa", { modulusLength: 512 });
const [p256Jwk, otherP256Jwk] = [0, 1].map(() =>
  nodeCrypto
    .generateKeyPairSync("ec", { namedCurve: "P-256" })
    .privateKey.export({ format: "jwk" }),
) as [nodeCrypto.JsonWebKey, nodeCrypto.JsonWebKey];
const pem = ed25519.privateKey.export({ format: "pem", type: "pkcs8" }).toString();
const publicPem = ed25519.publicKey.export({ format: "pem", type: "spki" }).toString();
const encrypted = ed25519.privateKey
  .export({ format: "pem", type: "pkcs8", cipher: "aes-128-cbc", passphrase: "secret" })
  .toString();
const p256Order = Buffer.from(
  "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551",
  "hex",
);
const k1Order = Buffer.from(
  "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141",
  "hex",
);
const raw = (algorithm: KeyAlgorithm) => ({ format: "raw", algorithm }) as const;
const rsaWithExponent = (exponent: number): nodeCrypto.JsonWebKey => ({
  ...rsa.publicKey.export({ format: "jwk" }),
  e: Buffer.of(exponent).toString("base64url"),
});
const offCurve = Buffer.concat([Buffer.of(4), Buffer.alloc(64, 1)]);
const infinity = Buffer.of(0);

/** An EC private key in PKCS#8 (RFC 5915) whose scalar has 33 bytes; Node aborts on its details. */
const longScalar = Buffer.from(
  `3042020100301306072a8648ce3d020106082a8648ce3d030107042830260201010421${"7f".repeat(33)}`,
  "hex",
);

const mistakes: [string, (crypto: typeof native) => unknown, string][] = [
  [
    "a key that is a number",
    (c) => c.importPrivateKey(5 as never),
    "argument 1 (key) must be a private key (PEM, bytes, a KeyObject or a JWK), got 5",
  ],
  [
    "a null key",
    (c) => c.importPublicKey(null as never),
    "argument 1 (key) must be a public key (PEM, bytes, a KeyObject or a JWK), got null",
  ],
  [
    "text that is no PEM",
    (c) => c.importPrivateKey("key"),
    "argument 1 (key) must be a private key in PEM, not encrypted unless options.passphrase opens it, got a string of 3 characters",
  ],
  [
    "an EC key whose scalar is too long",
    (c) => c.importPrivateKey(longScalar, { format: "der" }),
    "argument 1 (key) must be a private key, got one whose scalar is longer than its group's order",
  ],
  [
    "a KeyObject of such a key",
    (c) =>
      c.importPrivateKey(
        nodeCrypto.createPrivateKey({ key: longScalar, format: "der", type: "pkcs8" }),
      ),
    "got one whose scalar is longer",
  ],
  ["a cut PEM", (c) => c.importPrivateKey(pem.slice(0, 60)), "must be a private key in PEM"],
  ["a public PEM as private", (c) => c.importPrivateKey(publicPem), "must be a private key in PEM"],
  [
    "a private PEM as public",
    (c) => c.importPublicKey(pem),
    "must be a public key in PEM, got a private key",
  ],
  [
    "a private PEM in bytes as public",
    (c) => c.importPublicKey(Buffer.from(pem), { format: "pem" }),
    "got a private key",
  ],
  ["an encrypted PEM", (c) => c.importPrivateKey(encrypted), "not encrypted"],
  [
    "a private KeyObject as public",
    (c) => c.importPublicKey(ed25519.privateKey),
    "must be a public key (Ed25519, Ed448, P-256, P-384, P-521, secp256k1, RSA, RSA-PSS), got a private Ed25519 key",
  ],
  [
    "a secret KeyObject",
    (c) => c.importPrivateKey(nodeCrypto.createSecretKey(Buffer.alloc(32))),
    "got a secret key",
  ],
  [
    "an X25519 key, which does not sign",
    (c) => c.importPrivateKey(nodeCrypto.generateKeyPairSync("x25519").privateKey),
    "got a private x25519 key",
  ],
  [
    "a key of a curve that is not known",
    (c) =>
      c.importPublicKey(
        nodeCrypto.generateKeyPairSync("ec", { namedCurve: "brainpoolP256r1" }).publicKey,
      ),
    "got a public ec key",
  ],
  [
    "an RSA-PSS key as RSA",
    (c) => c.importPublicKey(rsaPss.publicKey, { algorithm: "rsa" }),
    "must be a public key (RSA), got a public RSA-PSS key",
  ],
  [
    "an RSA key of 512 bits",
    (c) => c.importPrivateKey(shortRsa.privateKey),
    "must be a key with a modulus of 1024 to 16384 bits",
  ],
  [
    "an RSA key whose exponent is 1",
    (c) => c.importPublicKey(rsaWithExponent(1)),
    "must be a key with an odd public exponent of 3 or more",
  ],
  [
    "an RSA key whose exponent is even",
    (c) => c.importPublicKey(rsaWithExponent(4)),
    "must be a key with an odd public exponent of 3 or more",
  ],
  [
    "an EC key with another's public key",
    (c) => c.importPrivateKey({ ...otherP256Jwk, d: p256Jwk.d as string }),
    // Node 26 refuses it when it reads the JWK, before us.
    Number.parseInt(process.versions.node, 10) < 26
      ? "must be a private key with its own public key"
      : "must be a private key",
  ],
  [
    "another algorithm than the one named",
    (c) => c.importPrivateKey(ed25519.privateKey, { algorithm: "p256" }),
    "must be a private key (P-256), got a private Ed25519 key",
  ],
  [
    "bytes without a format",
    (c) => c.importPrivateKey(Buffer.alloc(32)),
    'options.format must be "pem", "der" or "raw" for a key in bytes',
  ],
  [
    "an unknown format",
    (c) => c.importPrivateKey(pem, { format: "ssh" as never }),
    'options.format must be one of "pem", "der", "raw", "jwk", got "ssh"',
  ],
  [
    "an unknown algorithm",
    (c) => c.importPrivateKey(pem, { algorithm: "dsa" as never }),
    'options.algorithm must be one of "ed25519", "ed448", "p256", "p384", "p521", "secp256k1", "rsa", "rsa-pss", got "dsa"',
  ],
  [
    "a misspelt option",
    (c) => c.importPrivateKey(pem, { fromat: "pem" } as never),
    'options has no option "fromat"',
  ],
  [
    "options that are a string",
    (c) => c.importPrivateKey(pem, "pem" as never),
    "options must be an object",
  ],
  [
    "raw bytes without an algorithm",
    (c) => c.importPrivateKey(Buffer.alloc(32), { format: "raw" }),
    "options.algorithm, for a raw key, must be one of",
  ],
  [
    "a raw key that is a string",
    (c) => c.importPrivateKey("00", raw("p256")),
    "argument 1 (key) must be bytes",
  ],
  [
    "a seed of 31 bytes",
    (c) => c.importPrivateKey(Buffer.alloc(31), raw("ed25519")),
    "must be a seed of 32 bytes for Ed25519, got a Buffer of 31 bytes",
  ],
  [
    "a scalar of 33 bytes",
    (c) => c.importPrivateKey(Buffer.alloc(33, 1), raw("p256")),
    "must be a scalar of 32 bytes",
  ],
  [
    "the scalar 0",
    (c) => c.importPrivateKey(Buffer.alloc(32), raw("secp256k1")),
    "from 1 to the group's order less 1 for secp256k1",
  ],
  [
    "the order of P-256 as scalar",
    (c) => c.importPrivateKey(p256Order, raw("p256")),
    "from 1 to the group's order less 1 for P-256",
  ],
  [
    "the order of secp256k1 as scalar",
    (c) => c.importPrivateKey(k1Order, raw("secp256k1")),
    "from 1 to the group's order",
  ],
  [
    "a point off the curve",
    (c) => c.importPublicKey(offCurve, raw("p256")),
    "must be a point on the curve",
  ],
  [
    "the point at infinity",
    (c) => c.importPublicKey(infinity, raw("secp256k1")),
    "must be a point on the curve",
  ],
  [
    "a public Ed25519 key of 33 bytes",
    (c) => c.importPublicKey(Buffer.alloc(33), raw("ed25519")),
    "must be a public key of 32 bytes for Ed25519",
  ],
  [
    "DER of noise",
    (c) => c.importPrivateKey(Buffer.alloc(40, 7), { format: "der" }),
    "must be a private key in PKCS#8 DER, not encrypted unless options.passphrase opens it, got a Buffer of 40 bytes",
  ],
  [
    "public DER as private",
    (c) =>
      c.importPrivateKey(ed25519.publicKey.export({ format: "der", type: "spki" }), {
        format: "der",
      }),
    "must be a private key in PKCS#8 DER",
  ],
  [
    "a detached key",
    (c) => c.importPrivateKey(detached(new Uint8Array(32)), { format: "der" }),
    "argument 1 (key) must be bytes that are not detached",
  ],
  [
    "a JWK without a key",
    (c) => c.importPrivateKey({ kty: "OKP" }),
    "must be a private key as JWK, got an object",
  ],
  [
    "a private JWK as public",
    (c) => c.importPublicKey(ed25519.privateKey.export({ format: "jwk" })),
    "got a private key",
  ],
  [
    "a JWK that is a string",
    (c) => c.importPrivateKey("{}", { format: "jwk" }),
    "must be a private key as JWK",
  ],
  [
    "raw bytes of RSA, which has no raw form",
    (c) => c.importPrivateKey(Buffer.alloc(256, 1), raw("rsa")),
    'options.algorithm, for a raw key, must be one of "ed25519", "ed448", "p256", "p384", "p521", "secp256k1", got "rsa"',
  ],
  [
    "an encrypted PEM with another passphrase",
    (c) => c.importPrivateKey(encrypted, { passphrase: "other" }),
    "must be a private key in PEM that options.passphrase opens",
  ],
  [
    "an empty passphrase",
    (c) => c.importPrivateKey(encrypted, { passphrase: "" }),
    "options.passphrase must have from 1 to 1024 bytes, got 0",
  ],
  [
    "a passphrase that is a number",
    (c) => c.importPrivateKey(encrypted, { passphrase: 5 as never }),
    "options.passphrase must be a string or bytes",
  ],
  [
    "a detached passphrase",
    (c) => c.importPrivateKey(encrypted, { passphrase: detached(new Uint8Array(6)) }),
    "options.passphrase must be bytes that are not detached",
  ],
  [
    "a passphrase for a public key",
    (c) => c.importPublicKey(publicPem, { passphrase: "secret" }),
    "options.passphrase is for private keys in PEM and DER",
  ],
  [
    "a passphrase for a raw key",
    (c) => c.importPrivateKey(Buffer.alloc(32), { ...raw("ed25519"), passphrase: "secret" }),
    "options.passphrase is for private keys in PEM and DER",
  ],
  [
    "a pair of an unknown algorithm",
    (c) => c.generateKeyPair("dsa" as never),
    'argument 1 (algorithm) must be one of "ed25519", "ed448", "p256", "p384", "p521", "secp256k1", "rsa", "rsa-pss", got "dsa"',
  ],
  [
    "an RSA pair of 512 bits",
    (c) => c.generateKeyPair("rsa", { modulusLength: 512 }),
    "options.modulusLength must be an integer from 1024 to 16384, got 512",
  ],
  [
    "an RSA pair with an even exponent",
    (c) => c.generateKeyPair("rsa", { publicExponent: 4 }),
    "options.publicExponent must be odd, got 4",
  ],
  [
    "a modulus for a curve",
    (c) => c.generateKeyPair("p256", { modulusLength: 2048 }),
    "options.modulusLength does not apply to P-256 keys",
  ],
  [
    "an export without a format",
    (c) => c.importPrivateKey(pem).export({} as never),
    'options.format must be one of "pem", "der", "raw", "jwk", got undefined',
  ],
  [
    "an RSA key exported raw",
    (c) => c.importPublicKey(rsa.publicKey).export({ format: "raw" }),
    'options.format must be "pem", "der" or "jwk" for an RSA key, got "raw"',
  ],
  [
    "a public key exported with a passphrase",
    (c) => c.importPublicKey(publicPem).export({ format: "pem", passphrase: "secret" }),
    "options.passphrase is for private keys in PEM and DER",
  ],
  [
    "a cipher without a passphrase",
    (c) => c.importPrivateKey(pem).export({ format: "pem", cipher: "aes-256-cbc" }),
    "options.cipher needs options.passphrase",
  ],
  [
    "an unknown cipher",
    (c) =>
      c
        .importPrivateKey(pem)
        .export({ format: "pem", passphrase: "secret", cipher: "des-ede3-cbc" as never }),
    'options.cipher must be one of "aes-128-cbc", "aes-192-cbc", "aes-256-cbc", got "des-ede3-cbc"',
  ],
  [
    "a compressed Ed25519 key",
    (c) => c.importPublicKey(publicPem).export({ format: "raw", compressed: true }),
    "options.compressed is for raw public keys of ECDSA",
  ],
];

describe("a key that cannot be used is refused by both backends, in the same words", () => {
  it.each(mistakes)("%s", (_, call, words) => {
    const error = errorOf(() => call(native));
    expect(error).toEqual(errorOf(() => call(node)));
    expect(error.name).toBe("TypeError");
    expect(error.code).toMatch(/^ERR_INVALID_ARG_(TYPE|VALUE)$/);
    expect(error.message).toContain(words);
  });

  it("and no message shows what was in it", () => {
    const secret = pem.split("\n")[1] ?? "";
    const texts = [secret, `${pem.slice(0, 80)}!`, pem.replace("PRIVATE", "SECRET")];
    for (const text of texts) {
      const { message } = errorOf(() => native.importPrivateKey(text));
      expect(message).not.toContain(secret.slice(0, 16));
    }
  });
});
