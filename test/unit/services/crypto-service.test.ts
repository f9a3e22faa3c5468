import {
  createHash,
  createHmac,
  createPublicKey,
  generateKeyPairSync,
  randomBytes,
  sign,
  verify,
} from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createClient, type ServiceClient, type ServiceError } from "../../../src/index.js";
import { createServer, type Server } from "../../../src/server/index.js";
import { CryptoService } from "../../../src/services/index.js";

type Client = ServiceClient<typeof CryptoService>;

let server: Server;
let url: string;
let near: Client;
let far: Client;

beforeAll(async () => {
  server = createServer({ services: [CryptoService], bodyLimitBytes: 64 * 1024 });
  url = (await server.listen()).url;
  near = createClient(CryptoService, { mode: "ffi" });
  far = createClient(CryptoService, { mode: "http", baseUrl: url });
});

afterAll(async () => {
  await far.$close();
  await server.close();
});

/** The same answer near and far, which a test then looks at. */
async function both<T>(call: (client: Client) => Promise<T>): Promise<T> {
  const [nearAnswer, farAnswer] = await Promise.all([call(near), call(far)]);
  expect(farAnswer).toEqual(nearAnswer);
  return nearAnswer;
}

async function refusal(call: (client: Client) => Promise<unknown>) {
  const failure = async (client: Client) => {
    const { code, message } = (await call(client).catch((error: unknown) => error)) as ServiceError;
    return { code, message };
  };
  const nearFailure = await failure(near);
  expect(await failure(far)).toEqual(nearFailure);
  return nearFailure;
}

const sha256 = (data: string | Uint8Array): string =>
  createHash("sha256").update(data).digest("hex");
const inputs = ["", "one", new Uint8Array([1, 2, 3]), "þrír"];

describe("digests", () => {
  it("of one input take an algorithm and the length of an extendable output", async () => {
    expect(await both((client) => client.hash_data("data"))).toBe(sha256("data"));
    expect(await both((client) => client.hash_data("data", "SHA3-512"))).toBe(
      createHash("sha3-512").update("data").digest("hex"),
    );
    expect(await both((client) => client.hash_data("data", "SHAKE128", 100))).toBe(
      createHash("shake128", { outputLength: 100 }).update("data").digest("hex"),
    );
    expect(await refusal((client) => client.hash_data("data", "SHA256", 31))).toEqual({
      code: "INVALID_ARGUMENT",
      message: "argument 3 (output_length) must be 32 for sha256, got 31",
    });
  });

  it("of many inputs come in their order", async () => {
    expect(await both((client) => client.hash_many(inputs))).toEqual(inputs.map(sha256));
    expect(await both((client) => client.hash_many([], "sha1"))).toEqual([]);
    const short = await both((client) => client.hash_many(["a"], "SHAKE256", 4));
    expect(short).toEqual([createHash("shake256", { outputLength: 4 }).update("a").digest("hex")]);
  });

  it("of many inputs make the root of RFC 9162", async () => {
    const leaf = (data: string) => createHash("sha256").update(`\0${data}`).digest();
    const root = createHash("sha256").update("\x01").update(leaf("a")).update(leaf("b"));
    expect(await both((client) => client.merkle_root(["a", "b"]))).toBe(root.digest("hex"));
    expect(await both((client) => client.merkle_root([]))).toBe(sha256(""));
  });

  it("with a key are HMACs", async () => {
    expect(await both((client) => client.hmac_data("data", "key"))).toBe(
      createHmac("sha256", "key").update("data").digest("hex"),
    );
    expect(await both((client) => client.hmac_data("", new Uint8Array(200), "sha512"))).toBe(
      createHmac("sha512", Buffer.alloc(200)).update("").digest("hex"),
    );
  });

  it("are listed by algorithm", async () => {
    const list = await both((client) => client.algorithms());
    expect(list).toContainEqual({
      name: "sha256",
      size: 32,
      block_size: 64,
      extendable: false,
      legacy: false,
    });
  });
});

describe("signatures", () => {
  it.each(["ed25519", "ed448", "p256", "p384", "p521", "secp256k1", "rsa"] as const)(
    "by generated %s keys verify near, far and in node:crypto",
    async (algorithm) => {
      for (const [signer, verifier] of [
        [near, far],
        [far, near],
      ] as const) {
        const { private_key, public_key } = await signer.generate_key_pair(algorithm);
        expect(await verifier.derive_public_key(private_key)).toBe(public_key);
        const signature = await signer.sign_data("message", private_key);
        expect(await verifier.verify_signature("message", signature, public_key)).toBe(true);
        expect(await verifier.verify_signature("massage", signature, public_key)).toBe(false);
        const hash = { ed25519: null, ed448: null, p384: "sha384", p521: "sha512" } as const;
        const name = algorithm in hash ? hash[algorithm as keyof typeof hash] : "sha256";
        const key = createPublicKey(public_key);
        expect(verify(name, Buffer.from("message"), key, signature)).toBe(true);
      }
    },
  );

  it("of many inputs are those of each", async () => {
    const { private_key, public_key } = await near.generate_key_pair();
    const signatures = await both((client) => client.sign_many(inputs, private_key));
    const one = await near.sign_data("one", private_key);
    expect(signatures[1]).toEqual(one);
    const wrong = [...signatures.slice(0, 3), one];
    expect(await both((client) => client.verify_many(inputs, wrong, public_key))).toEqual([
      true,
      true,
      true,
      false,
    ]);
  });

  it("take the options of nearfar/crypto", async () => {
    const { private_key, public_key } = await near.generate_key_pair("p256");
    const options = { hash: "SHA-512", dsaEncoding: "ieee-p1363", lowS: true } as const;
    const signature = await far.sign_data("message", private_key, options);
    expect(signature.length).toBe(64);
    const check = (client: Client) =>
      client.verify_signature("message", signature, public_key, options);
    expect(await both(check)).toBe(true);
    expect(await both((client) => client.verify_signature("message", signature, public_key))).toBe(
      false,
    );
  });

  it("take raw keys of the algorithm that is named", async () => {
    const scalar = new Uint8Array(32).fill(1);
    const options = { algorithm: "secp256k1" } as const;
    const signature = await far.sign_data("message", scalar, options);
    const pem = await both((client) => client.derive_public_key(scalar, options));
    expect(await both((client) => client.verify_signature("message", signature, pem))).toBe(true);
  });

  it("open an encrypted key with its passphrase", async () => {
    const { privateKey } = generateKeyPairSync("ed25519");
    const pem = privateKey
      .export({ type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase: "open sesame" })
      .toString();
    const options = { passphrase: "open sesame" };
    const expected = sign(null, Buffer.from("message"), privateKey);
    const signature = await both((client) => client.sign_data("message", pem, options));
    expect(Buffer.from(signature)).toEqual(expected);
    expect(await both((client) => client.derive_public_key(pem, options))).toBe(
      createPublicKey(privateKey).export({ type: "spki", format: "pem" }),
    );
    const wrong = { passphrase: "hunter2" };
    const { code, message } = await refusal((client) => client.sign_data("x", pem, wrong));
    expect(code).toBe("INVALID_ARGUMENT");
    expect(message).not.toContain("hunter2");
  });

  it("are made 1024 at a time at most", async () => {
    const { private_key } = await near.generate_key_pair();
    const many = new Array<string>(1025).fill("");
    const { code, message } = await refusal((client) => client.sign_many(many, private_key));
    expect(code).toBe("INVALID_ARGUMENT");
    expect(message).toMatch(/argument 1 \(inputs\)/);
  });

  it("name the argument that is refused, and show nothing of a key", async () => {
    const secret = "-----BEGIN PRIVATE KEY-----\nhunter2\n-----END PRIVATE KEY-----";
    const failures = [
      await refusal((client) => client.sign_data("x", secret)),
      await refusal((client) => client.sign_many(["x"], secret)),
      await refusal((client) => client.derive_public_key(secret)),
      await refusal((client) => client.sign_many(["x"], new Uint8Array(31))),
      await refusal((client) => client.verify_many(["x"], [], "not a key")),
    ];
    for (const { code, message } of failures) {
      expect(code).toBe("INVALID_ARGUMENT");
      expect(message).toMatch(/^argument \d \((private_key|public_key|signatures)\)/);
      expect(message).not.toContain("hunter2");
    }
  });
});

describe("uploads", () => {
  async function upload(query: string, body: Uint8Array) {
    const response = await fetch(`${url}/api/CryptoService/hash_data${query}`, {
      method: "POST",
      headers: { "content-type": "application/octet-stream" },
      body,
    });
    return { status: response.status, body: (await response.json()) as unknown };
  }

  it("are hashed as they arrive, beyond the limit of JSON bodies", async () => {
    const data = randomBytes(5_000_001);
    expect(await upload("", data)).toEqual({ status: 200, body: sha256(data) });
    const expected = createHash("shake256", { outputLength: 7 }).update(data).digest("hex");
    expect(await upload("?algorithm=SHAKE256&output_length=7", data)).toEqual({
      status: 200,
      body: expected,
    });
    const refused = await far.hash_data(data).catch((error: ServiceError) => error.code);
    expect(refused).toBe("RESOURCE_EXHAUSTED");
  });

  it("name what is wrong with their query", async () => {
    const { status, body } = await upload("?algorithm=sha257", new Uint8Array(1));
    expect(status).toBe(400);
    expect(body).toMatchObject({ code: "INVALID_ARGUMENT" });
    expect((await upload("?output_length=0", new Uint8Array(1))).status).toBe(400);
  });
});

describe("confidential methods", () => {
  it("are those with a secret", () => {
    const { methods } = CryptoService.definition;
    const names = Object.keys(methods).filter((name) => methods[name]?.confidential === true);
    expect(names).toEqual([
      "hmac_data",
      "generate_key_pair",
      "derive_public_key",
      "sign_data",
      "sign_many",
    ]);
  });
});
