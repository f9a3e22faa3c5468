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

/** The hash algorithms that exist here, by their canonical names. */
export function algorithms(): DigestName[] {
  return DIGEST_NAMES.filter((name) => fetchDigest(name) !== undefined);
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
  const { size, extendable = false } = traitsOf(name);
  const digest = cryptoBackend.fetchDigest(name, size, extendable);
  fetched.set(name, digest);
  return digest;
}
