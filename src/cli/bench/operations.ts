import { createHash, generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { type Random, randomBytes } from "./random.js";

/** The methods as the bench calls them: plain functions in `$native`, promises in a client. */
export interface Place {
  readonly crypto: {
    hash_data(data: Uint8Array): unknown;
    sign_data(data: Uint8Array, private_key: string): unknown;
    verify_signature(data: Uint8Array, signature: Uint8Array, public_key: string): unknown;
  };
  readonly math: { cos(x: number): unknown };
}

export interface Operation {
  readonly id: string;
  readonly label: string;
  /** What `node:crypto` says; undefined where it has no say. */
  readonly expected: string | boolean | number | undefined;
  /** The operation with its input, ready to be called there again and again. */
  bind(place: Place): () => unknown;
}

/** A key pair for one run; PEM, as it goes over the wire. */
export interface Keys {
  readonly privateKey: KeyObject;
  readonly privatePem: string;
  readonly publicPem: string;
}

export function createKeys(): Keys {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  return {
    privateKey,
    privatePem: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    publicPem: publicKey.export({ type: "spki", format: "pem" }).toString(),
  };
}

/** The data that operations work on. */
export interface Inputs {
  readonly short: Uint8Array;
  readonly kibibyte: Uint8Array;
  readonly mebibyte: Uint8Array;
  readonly angle: number;
}

/** "Hello, World!", and as much noise as is needed to be long. */
export function timedInputs(random: Random): Inputs {
  return {
    short: new TextEncoder().encode("Hello, World!"),
    kibibyte: randomBytes(1024, random),
    mebibyte: randomBytes(1024 * 1024, random),
    angle: 0.5,
  };
}

export function randomInputs(random: Random): Inputs {
  const length = (limit: number) => Math.floor(random() * limit);
  return {
    short: randomBytes(length(64), random),
    kibibyte: randomBytes(length(4096), random),
    mebibyte: randomBytes(length(16_384), random),
    angle: (random() - 0.5) * 1000,
  };
}

export function createOperations(inputs: Inputs, keys: Keys): Operation[] {
  const { short, kibibyte, mebibyte, angle } = inputs;
  const { privatePem, publicPem } = keys;
  const signature = sign(null, short, keys.privateKey);
  return [
    hashing("hash-13", "hash 13 B", short),
    hashing("hash-1k", "hash 1 KiB", kibibyte),
    hashing("hash-1m", "hash 1 MiB", mebibyte),
    {
      id: "sign",
      label: "sign, Ed25519",
      expected: signature.toString("hex"),
      bind:
        ({ crypto }) =>
        () =>
          crypto.sign_data(short, privatePem),
    },
    {
      id: "verify",
      label: "verify, Ed25519",
      expected: true,
      bind:
        ({ crypto }) =>
        () =>
          crypto.verify_signature(short, signature, publicPem),
    },
    {
      id: "cos",
      label: "cos, libm",
      expected: undefined,
      bind:
        ({ math }) =>
        () =>
          math.cos(angle),
    },
  ];
}

function hashing(id: string, label: string, data: Uint8Array): Operation {
  return {
    id,
    label,
    expected: createHash("sha256").update(data).digest("hex"),
    bind:
      ({ crypto }) =>
      () =>
        crypto.hash_data(data),
  };
}
