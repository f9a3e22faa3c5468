import { describe, expect, it } from "vitest";
import type { ImportKeyOptions, KeyAlgorithm, KeyPair } from "../../src/crypto/index.js";
import { createRandom, seed } from "../support/random.js";
import { native, node } from "../unit/crypto/backends.js";

/**
 * Keys of every format and signatures of every kind with some of their bytes changed. Both backends
 * give the same answer or refuse in the same words, without a word of the key. NEARFAR_FUZZ_KEYS
 * says how many of each; 100,000 take half an hour.
 */
const rounds = Number(process.env.NEARFAR_FUZZ_KEYS ?? 1500);
const random = createRandom(seed);

const ALGORITHMS = ["ed25519", "ed448", "p256", "p384", "p521", "secp256k1", "rsa"] as const;

type Pair = KeyPair & { readonly algorithm: KeyAlgorithm };

const pairs: Pair[] = ALGORITHMS.map((algorithm) => ({
  algorithm,
  ...native.generateKeyPair(algorithm, algorithm === "rsa" ? { modulusLength: 1024 } : {}),
}));

interface Sample {
  readonly type: "private" | "public";
  readonly bytes: Buffer;
  readonly options: ImportKeyOptions;
}

const samples: Sample[] = pairs.flatMap(({ algorithm, privateKey, publicKey }) => {
  const forms: Sample[] = [];
  for (const [type, key] of [
    ["private", privateKey],
    ["public", publicKey],
  ] as const) {
    forms.push({ type, bytes: key.export({ format: "der" }), options: { format: "der" } });
    forms.push({
      type,
      bytes: Buffer.from(key.export({ format: "pem" })),
      options: { format: "pem" },
    });
    const jwk = Buffer.from(JSON.stringify(key.export({ format: "jwk" })));
    forms.push({ type, bytes: jwk, options: { format: "jwk" } });
    if (algorithm === "rsa") continue;
    const raw = key.export({ format: "raw" });
    forms.push({ type, bytes: raw, options: { format: "raw", algorithm } });
  }
  return forms;
});

function below(limit: number): number {
  return Math.floor(random() * limit);
}

/** The bytes with a few of them changed, left out, doubled or cut off. */
function mutated(bytes: Buffer): Buffer {
  let result = Buffer.from(bytes);
  for (let count = 1 + below(3); count > 0; count--) {
    const place = below(result.length);
    switch (below(5)) {
      case 0:
        result[place] = below(256);
        break;
      case 1:
        result[place] = (result[place] ?? 0) ^ (1 << below(8));
        break;
      case 2:
        result = result.subarray(0, place);
        break;
      case 3:
        result = Buffer.concat([result.subarray(0, place), result.subarray(place + 1 + below(8))]);
        break;
      default:
        result = Buffer.concat([
          result.subarray(0, place),
          Buffer.of(below(256)),
          result.subarray(place),
        ]);
    }
  }
  return result;
}

/** What an import comes to: the key's public half, or the refusal. */
function outcomeOf(crypto: typeof native, { type, bytes, options }: Sample): string {
  try {
    const value = options.format === "jwk" ? parsed(bytes) : bytes;
    if (type === "public") {
      return crypto.importPublicKey(value, options).export({ format: "der" }).toString("hex");
    }
    const key = crypto.importPrivateKey(value, options);
    return key.publicKey.export({ format: "der" }).toString("hex");
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    expect(code).toMatch(/^ERR_INVALID_ARG_(TYPE|VALUE)$/);
    return message;
  }
}

/** JSON that the mutation broke is taken as an object with what can still be found in it. */
function parsed(bytes: Buffer): Record<string, string> {
  const fields = bytes.toString("latin1").matchAll(/"(\w+)":"([^"]*)"/g);
  return Object.fromEntries(Array.from(fields, ([, name = "", value = ""]) => [name, value]));
}

describe(`malformed keys and signatures (NEARFAR_SEED=${seed})`, { timeout: 0 }, () => {
  it("keys are taken or refused alike, and no refusal shows them", () => {
    let refused = 0;
    for (let round = 0; round < rounds; round++) {
      const sample = samples[below(samples.length)] as Sample;
      const changed = { ...sample, bytes: mutated(sample.bytes) };
      const outcome = outcomeOf(native, changed);
      const shown = `round ${round}, ${sample.type} ${sample.options.format}`;
      expect(outcomeOf(node, changed), shown).toBe(outcome);
      if (!outcome.startsWith("argument")) continue;
      refused++;
      expect(outcome.length, shown).toBeLessThan(250);
    }
    expect(refused).toBeGreaterThan(rounds / 3);
  });

  it("signatures are refused alike, unless nothing was changed", () => {
    const ways = [{}, { lowS: true }, { dsaEncoding: "ieee-p1363" }] as const;
    let refused = 0;
    for (let round = 0; round < rounds; round++) {
      const { algorithm, privateKey, publicKey } = pairs[below(pairs.length)] as Pair;
      const isEcdsa = /^(p|secp)/.test(algorithm);
      const options = isEcdsa ? ways[below(ways.length)] : {};
      const signature = mutated(native.sign(privateKey, "x", options));
      const other = node.importPublicKey(publicKey.toKeyObject());
      const answer = native.verify(publicKey, "x", signature, options);
      expect(node.verify(other, "x", signature, options), `round ${round}`).toBe(answer);
      if (!answer) refused++;
    }
    expect(refused).toBeGreaterThan(rounds * 0.9);
  });
});
