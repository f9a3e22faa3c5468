import nodeCrypto from "node:crypto";
import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { backends } from "./backends.js";

const ALGORITHMS = ["ed25519", "p256", "secp256k1"] as const;

function pairOf(algorithm: (typeof ALGORITHMS)[number]): nodeCrypto.KeyPairKeyObjectResult {
  if (algorithm === "ed25519") return nodeCrypto.generateKeyPairSync("ed25519");
  const namedCurve = algorithm === "p256" ? "prime256v1" : "secp256k1";
  return nodeCrypto.generateKeyPairSync("ec", { namedCurve });
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
  it.each(ALGORITHMS)("%s: generated pairs differ and belong together", (algorithm) => {
    const one = crypto.generateKeyPair(algorithm);
    const other = crypto.generateKeyPair(algorithm);
    expect([one.privateKey.algorithm, one.publicKey.algorithm]).toEqual([algorithm, algorithm]);
    const signature = crypto.sign(one.privateKey, "message");
    expect(crypto.verify(one.publicKey, "message", signature)).toBe(true);
    expect(crypto.verify(one.privateKey.publicKey, "message", signature)).toBe(true);
    expect(crypto.verify(other.publicKey, "message", signature)).toBe(false);
  });

  it.each(ALGORITHMS)("%s: every form of a private key is the same key", (algorithm) => {
    const pair = pairOf(algorithm);
    const { privateKey } = pair;
    const { privateBytes } = rawOf(pair);
    const pem = privateKey.export({ format: "pem", type: "pkcs8" });
    const der = privateKey.export({ format: "der", type: "pkcs8" });
    const forms = [
      crypto.importPrivateKey(privateKey),
      crypto.importPrivateKey(pem),
      crypto.importPrivateKey(Buffer.from(pem), { format: "pem" }),
      crypto.importPrivateKey(der, { format: "der" }),
      crypto.importPrivateKey(new Uint8Array(der).buffer, { format: "der", algorithm }),
      crypto.importPrivateKey(privateBytes, { format: "raw", algorithm }),
      crypto.importPrivateKey(privateKey.export({ format: "jwk" })),
      crypto.importPrivateKey(privateKey.export({ format: "jwk" }), { format: "jwk", algorithm }),
    ];
    for (const key of [...forms, ...forms.map((form) => crypto.importPrivateKey(form))]) {
      expect(key.algorithm).toBe(algorithm);
      expect(key.toKeyObject().equals(privateKey)).toBe(true);
      expect(crypto.verify(pair.publicKey, "x", crypto.sign(key, "x"))).toBe(true);
    }
    expect(der).toEqual(privateKey.export({ format: "der", type: "pkcs8" }));
  });

  it.each(ALGORITHMS)("%s: every form of a public key is the same key", (algorithm) => {
    const pair = pairOf(algorithm);
    const { publicKey } = pair;
    const signature = crypto.sign(pair.privateKey, "x");
    const forms = [
      crypto.importPublicKey(publicKey),
      crypto.importPublicKey(publicKey.export({ format: "pem", type: "spki" })),
      crypto.importPublicKey(publicKey.export({ format: "der", type: "spki" }), { format: "der" }),
      crypto.importPublicKey(publicKey.export({ format: "jwk" })),
      ...rawOf(pair).publicForms.map((bytes) =>
        crypto.importPublicKey(bytes, { format: "raw", algorithm }),
      ),
    ];
    for (const key of forms) {
      expect(key.algorithm).toBe(algorithm);
      expect(crypto.verify(key, "x", signature)).toBe(true);
      expect(crypto.verify(key, "y", signature)).toBe(false);
    }
  });

  it("an EC key in SEC 1 PEM is read as well", () => {
    const { privateKey, publicKey } = pairOf("p256");
    const pem = privateKey.export({ format: "pem", type: "sec1" }).toString();
    expect(crypto.verify(publicKey, "x", crypto.sign(pem, "x"))).toBe(true);
  });

  it("nothing of a private key shows", () => {
    const pair = pairOf("p256");
    const pem = pair.privateKey.export({ format: "pem", type: "pkcs8" }).toString();
    const { privateBytes } = rawOf(pair);
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
    expect(inspect(key)).toBe("PrivateKey { algorithm: 'p256' }");
    expect(inspect(key.publicKey)).toBe("PublicKey { algorithm: 'p256' }");
    expect(JSON.stringify(key)).toBe('{"type":"private","algorithm":"p256"}');
    expect(JSON.stringify(key.publicKey)).toBe('{"type":"public","algorithm":"p256"}');
    for (const secret of [
      privateBytes.toString("hex"),
      privateBytes.toString("base64"),
      privateBytes.toString("base64url"),
      pem.split("\n")[1] ?? "",
      "Buffer",
    ]) {
      expect(shown).not.toContain(secret);
    }
  });
});
