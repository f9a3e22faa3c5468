import {
  canonicalName,
  DIGEST_NAMES,
  type DigestName,
  requireAlgorithmName,
  traitsOf,
  unknownAlgorithm,
} from "./algorithms.js";
import type { Digest } from "./backend.js";
import { cryptoBackend } from "./current-backend.js";

/** Spellings remembered at most: programs use a few, and names may come from the network. */
const MAX_SPELLINGS = 256;

const fetched = new Map<DigestName, Digest | undefined>();
const spellings = new Map<string, Digest>();

// The algorithm of the call before: comparing two strings that are the same object takes 1 ns,
// looking one up in a Map 8 ns.
let lastSpelling = "";
let lastDigest: Digest | undefined;

/** The algorithm of that name, as people write it. */
export function digestNamed(algorithm: string): Digest {
  if (algorithm === lastSpelling && lastDigest !== undefined) return lastDigest;
  return lookUp(algorithm);
}

/** A hash algorithm that exists here. */
export interface AlgorithmInfo {
  /** The canonical name. */
  readonly name: DigestName;
  /** Bytes of a digest; of an extendable output, those that are taken unless others are named. */
  readonly size: number;
  /** Bytes that the algorithm processes at a time; HMAC pads its key to them. */
  readonly blockSize: number;
  /** Whether `outputLength` can be any length (SHAKE). HMAC is not defined then. */
  readonly extendable: boolean;
  /**
   * For old data and protocols only: collisions are known (MD4, MD5, SHA-1), or OpenSSL has put it
   * among its legacy algorithms (MDC-2, RIPEMD-160, Whirlpool).
   */
  readonly legacy: boolean;
  readonly backend: "native" | "node";
}

/** The hash algorithms that exist here. */
export function algorithms(): AlgorithmInfo[] {
  return DIGEST_NAMES.filter((name) => fetchDigest(name) !== undefined).map((name) => {
    const { size, blockSize, extendable = false, legacy = false } = traitsOf(name);
    return { name, size, blockSize, extendable, legacy, backend: cryptoBackend.name };
  });
}

function lookUp(algorithm: string): Digest {
  requireAlgorithmName(algorithm);
  const digest = spellings.get(algorithm) ?? resolve(algorithm);
  lastSpelling = algorithm;
  lastDigest = digest;
  return digest;
}

function resolve(spelling: string): Digest {
  const name = canonicalName(spelling);
  const digest = name === undefined ? undefined : fetchDigest(name);
  if (digest === undefined) throw unknownAlgorithm(spelling);
  if (spellings.size >= MAX_SPELLINGS) spellings.clear();
  spellings.set(spelling, digest);
  return digest;
}

function fetchDigest(name: DigestName): Digest | undefined {
  if (fetched.has(name)) return fetched.get(name);
  const { size, blockSize, extendable = false } = traitsOf(name);
  const digest = cryptoBackend.fetchDigest(name, size, blockSize, extendable);
  fetched.set(name, digest);
  return digest;
}
