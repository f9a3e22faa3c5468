import nodeCrypto from "node:crypto";
import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import type { ImportKeyOptions, KeyAlgorithm, PrivateKey } from "../../../src/crypto/index.js";
import { backends } from "./backends.js";

const CURVES = {
  p256: "prime256v1",
  p384: "secp384r1",
  p521: "secp521r1",
  secp256k1: "secp256k1",
} as const;

const RAW = ["ed25519", "ed448", "p256", "p384", "p521", "secp256k1"] as const;
const ALGORITHMS = [...RAW, "rsa", "rsa-pss"] as const;

const pairs = new Map<KeyAlgorithm, nodeCrypto.KeyPairKeyObjectResult>();

/** A pair made by node:crypto; one for each algorithm, for RSA's take long to find. */
function pairOf(algorithm: KeyAlgorithm): nodeCrypto.KeyPairKeyObjectResult {
  const pair = pairs.get(algorithm) ?? makePair(algorithm);
  pairs.set(algorithm, pair);
  return pair;
}

function makePair(algorithm: KeyAlgorithm): nodeCrypto.KeyPairKeyObjectResult {
  switch (algorithm) {
    case "ed25519":
      return nodeCrypto.generateKeyPairSync("ed25519");
    case "ed448":
      return nodeCrypto.generateKeyPairSync("ed448");
    case "rsa":
      return nodeCrypto.generateKeyPairSync("rsa", { modulusLength: 2048 });
    case "rsa-pss":
      return nodeCrypto.generateKeyPairSync("rsa-pss", { modulusLength: 2048 });
    default:
      return nodeCrypto.generateKeyPairSync("ec", { namedCurve: CURVES[algorithm] });
  }
}

/** The raw parts of a pair, from its JWK. */
function rawOf(pair: nodeCrypto.KeyPairKeyObjectResult) {
  const jwk = pair.privateKey.export({ format: "jwk" });
  const part = (name: "d" | "x" | "y") => Buffer.from(jwk[name] ?? "", "base64url");
  const [d, x, y] = [part("d"), part("x"), part("y")];
  if (jwk.kty === "OKP") return { privateBytes: d, publicForms: [x] };
  const compressed = Buffer.concat([Buffer.of(2 + ((y.at(-1) ?? 0) & 1)), x]);
  return { privateBytes: d, publicForms: [Buffer.concat([Buffer.of(4), x, y]), compressed] };
}

describe.each(backends)("keys, $name backend", ({ crypto }) => {
  it.each(ALGORITHMS)("%s: generated pairs differ and belong together", async (algorithm) => {
    const options = algorithm.startsWith("rsa") ? { modulusLength: 1024 } : {};
    const one = crypto.generateKeyPair(algorithm, options);
    const other = await crypto.generateKeyPairAsync(algorithm, options);
    expect([one.privateKey.algorithm, other.publicKey.algorithm]).toEqual([algorithm, algorithm]);
    const signature = crypto.sign(one.privateKey, "message");
    expect(crypto.verify(one.publicKey, "message", signature)).toBe(true);
    expect(crypto.verify(one.privateKey.publicKey, "message", signature)).toBe(true);
    expect(crypto.verify(other.publicKey, "message", signature)).toBe(false);
  });

  it("RSA pairs have the modulus and the exponent that are asked for", () => {
    const { publicKey } = crypto.generateKeyPair("rsa", { modulusLength: 1280, publicExponent: 3 });
    const details = publicKey.toKeyObject().asymmetricKeyDetails;
    expect(details).toEqual({ modulusLength: 1280, publicExponent: 3n });
  });

  it.each(ALGORITHMS)("%s: every form of a private key is the same key", (algorithm) => {
    const { privateKey, publicKey } = pairOf(algorithm);
    const pem = privateKey.export({ format: "pem", type: "pkcs8" });
    const der = privateKey.export({ format: "der", type: "pkcs8" });
    const encrypted = { type: "pkcs8", cipher: "aes-128-cbc", passphrase: "opens it" } as const;
    const { passphrase } = encrypted;
    const forms: PrivateKey[] = [
      crypto.importPrivateKey(privateKey),
      crypto.importPrivateKey(pem),
      crypto.importPrivateKey(Buffer.from(pem), { format: "pem" }),
      crypto.importPrivateKey(der, { format: "der" }),
      crypto.importPrivateKey(new Uint8Array(der).buffer, { format: "der", algorithm }),
      crypto.importPrivateKey(privateKey.export({ format: "pem", ...encrypted }), { passphrase }),
      crypto.importPrivateKey(privateKey.export({ format: "der", ...encrypted }), {
        format: "der",
        passphrase: Buffer.from(passphrase),
      }),
    ];
    for (const key of [...forms, ...forms.map((form) => crypto.importPrivateKey(form))]) {
      expect(key.algorithm).toBe(algorithm);
      expect(key.toKeyObject().equals(privateKey)).toBe(true);
      expect(crypto.verify(publicKey, "x", crypto.sign(key, "x"))).toBe(true);
    }
    expect(der).toEqual(privateKey.export({ format: "der", type: "pkcs8" }));
  });

  it.each(ALGORITHMS)("%s: what is exported can be imported", (algorithm) => {
    const { privateKey, publicKey } = pairOf(algorithm);
    const key = crypto.importPrivateKey(privateKey);
    const publicHalf = crypto.importPublicKey(publicKey);
    const secrets = { passphrase: "correct horse", cipher: "aes-192-cbc" } as const;
    const { passphrase } = secrets;
    const privateForms: [Parameters<typeof crypto.importPrivateKey>[0], ImportKeyOptions][] = [
      [key.export({ format: "pem" }), {}],
      [key.export({ format: "der" }), { format: "der" }],
      [key.export({ format: "jwk" }), {}],
      [key.export({ format: "pem", ...secrets }), { passphrase }],
      [key.export({ format: "der", ...secrets }), { format: "der", passphrase }],
    ];
    const publicForms: [Parameters<typeof crypto.importPublicKey>[0], ImportKeyOptions][] = [
      [publicHalf.export({ format: "pem" }), {}],
      [publicHalf.export({ format: "der" }), { format: "der" }],
      [publicHalf.export({ format: "jwk" }), {}],
    ];
    if (algorithm !== "rsa" && algorithm !== "rsa-pss") {
      privateForms.push([key.export({ format: "raw" }), { format: "raw", algorithm }]);
      publicForms.push([publicHalf.export({ format: "raw" }), { format: "raw", algorithm }]);
    }
    for (const [form, options] of privateForms) {
      const imported = crypto.importPrivateKey(form, options);
      expect(imported.algorithm).toBe(algorithm);
      expect(imported.toKeyObject().equals(privateKey)).toBe(true);
    }
    for (const [form, options] of publicForms) {
      const imported = crypto.importPublicKey(form, options);
      expect(imported.algorithm).toBe(algorithm);
      expect(imported.toKeyObject().equals(publicKey)).toBe(true);
    }
  });

  it.each(RAW)("%s: the raw forms are those of the JWK", (algorithm) => {
    const { privateKey, publicKey } = pairOf(algorithm);
    const { privateBytes, publicForms } = rawOf({ privateKey, publicKey });
    const [plain, compressed] = publicForms;
    const key = crypto.importPublicKey(publicKey);
    expect(crypto.importPrivateKey(privateKey).export({ format: "raw" })).toEqual(privateBytes);
    expect(key.export({ format: "raw" })).toEqual(plain);
    if (compressed !== undefined) {
      expect(key.export({ format: "raw", compressed: true })).toEqual(compressed);
    }
    for (const form of publicForms) {
      const imported = crypto.importPublicKey(form, { format: "raw", algorithm });
      expect(imported.export({ format: "jwk" })).toEqual(publicKey.export({ format: "jwk" }));
    }
  });

  it("an encrypted PEM is opened by its passphrase only", () => {
    const key = crypto.importPrivateKey(pairOf("p256").privateKey);
    const pem = key.export({ format: "pem", passphrase: "one" });
    expect(pem).toMatch(/^-----BEGIN ENCRYPTED PRIVATE KEY-----/);
    expect(() => crypto.importPrivateKey(pem)).toThrow("options.passphrase opens it");
    expect(() => crypto.importPrivateKey(pem, { passphrase: "two" })).toThrow("opens");
    expect(crypto.importPrivateKey(pem, { passphrase: "one" }).algorithm).toBe("p256");
  });

  it("EC keys in SEC 1, RSA keys in PKCS#1 and PEM encrypted as OpenSSL once did are read", () => {
    const p256 = pairOf("p256");
    const rsa = pairOf("rsa");
    const legacy = { format: "pem", cipher: "aes-128-cbc", passphrase: "old" } as const;
    const forms: [string, ImportKeyOptions, nodeCrypto.KeyObject][] = [
      [p256.privateKey.export({ format: "pem", type: "sec1" }).toString(), {}, p256.publicKey],
      [rsa.privateKey.export({ format: "pem", type: "pkcs1" }).toString(), {}, rsa.publicKey],
      [
        rsa.privateKey.export({ ...legacy, type: "pkcs1" }).toString(),
        { passphrase: "old" },
        rsa.publicKey,
      ],
    ];
    for (const [pem, options, publicKey] of forms) {
      const key = crypto.importPrivateKey(pem, options);
      expect(crypto.verify(publicKey, "x", crypto.sign(key, "x"))).toBe(true);
    }
    const pkcs1 = rsa.publicKey.export({ format: "pem", type: "pkcs1" });
    expect(crypto.importPublicKey(pkcs1).toKeyObject().equals(rsa.publicKey)).toBe(true);
  });

  it("an RSA key is taken for PSS by its algorithm, or by a JWK's", () => {
    const { privateKey, publicKey } = pairOf("rsa");
    const forPss = crypto.importPrivateKey(privateKey, { algorithm: "rsa-pss" });
    const publicForPss = crypto.importPublicKey({
      ...publicKey.export({ format: "jwk" }),
      alg: "PS256",
    });
    expect([forPss.algorithm, publicForPss.algorithm]).toEqual(["rsa-pss", "rsa-pss"]);
    const signature = crypto.sign(forPss, "x");
    expect(crypto.verify(publicForPss, "x", signature)).toBe(true);
    expect(crypto.verify(publicKey, "x", signature, { padding: "pss" })).toBe(true);
    expect(crypto.verify(publicKey, "x", signature)).toBe(false);
    expect(publicForPss.export({ format: "jwk" })).toEqual({
      ...publicKey.export({ format: "jwk" }),
      alg: "PS256",
    });
  });

  it.each(ALGORITHMS)("%s: nothing of a private key shows", (algorithm) => {
    const { privateKey } = pairOf(algorithm);
    const pem = privateKey.export({ format: "pem", type: "pkcs8" }).toString();
    const key = crypto.importPrivateKey(pem);
    crypto.sign(key, "x");
    const shown = [
      inspect(key, { showHidden: true, depth: 10 }),
      inspect({ nested: [key] }, { depth: 10 }),
      String(key),
      JSON.stringify(key),
      JSON.stringify(Object.getOwnPropertyDescriptors(key)),
      JSON.stringify(structuredClone({ ...key })),
    ].join("\n");
    expect(inspect(key)).toBe(`PrivateKey { algorithm: '${algorithm}' }`);
    expect(inspect(key.publicKey)).toBe(`PublicKey { algorithm: '${algorithm}' }`);
    expect(JSON.stringify(key)).toBe(`{"type":"private","algorithm":"${algorithm}"}`);
    expect(JSON.stringify(key.publicKey)).toBe(`{"type":"public","algorithm":"${algorithm}"}`);
    const secrets = pem.split("\n").slice(1, -2);
    if (algorithm !== "rsa" && algorithm !== "rsa-pss") {
      const raw = rawOf(pairOf(algorithm)).privateBytes;
      secrets.push(...(["hex", "base64", "base64url"] as const).map((form) => raw.toString(form)));
    }
    for (const secret of [...secrets, "Buffer"]) expect(shown).not.toContain(secret);
  });
});
