import { ArgumentError, argumentLabel, argumentMessage, EXPECTATIONS } from "../errors/index.js";

/** What is known of a hash algorithm before libcrypto is asked for it. */
export interface DigestTraits {
  /** The digest's length in bytes; of an extendable output, how much is taken by default. */
  readonly size: number;
  /** Bytes that are processed at a time. */
  readonly blockSize: number;
  readonly extendable?: true;
  /** Not for new designs: see `AlgorithmInfo`. */
  readonly legacy?: true;
  /** Other names in use, written without separators. */
  readonly aliases?: readonly string[];
}

/**
 * Every hash algorithm that some provider of OpenSSL 3 has, by its canonical name, which both
 * `EVP_MD_fetch` and `node:crypto` understand (EVP_MD-*(7)). Which of them exist is asked at run
 * time. The extendable ones give what `node:crypto` gives when no length is named. Keccak is not
 * here: Node 22 and 24 contain it and their `node:crypto` does not find it, so that the backends
 * would differ.
 */
const DIGESTS = {
  sha1: { size: 20, blockSize: 64, legacy: true },
  sha224: { size: 28, blockSize: 64, aliases: ["sha2224"] },
  sha256: { size: 32, blockSize: 64, aliases: ["sha2256"] },
  sha384: { size: 48, blockSize: 128, aliases: ["sha2384"] },
  sha512: { size: 64, blockSize: 128, aliases: ["sha2512"] },
  "sha512-224": { size: 28, blockSize: 128, aliases: ["sha2512224"] },
  "sha512-256": { size: 32, blockSize: 128, aliases: ["sha2512256"] },
  "sha3-224": { size: 28, blockSize: 144 },
  "sha3-256": { size: 32, blockSize: 136 },
  "sha3-384": { size: 48, blockSize: 104 },
  "sha3-512": { size: 64, blockSize: 72 },
  shake128: { size: 16, blockSize: 168, extendable: true },
  shake256: { size: 32, blockSize: 136, extendable: true },
  blake2b512: { size: 64, blockSize: 128, aliases: ["blake2b"] },
  blake2s256: { size: 32, blockSize: 64, aliases: ["blake2s"] },
  ripemd160: { size: 20, blockSize: 64, legacy: true, aliases: ["ripemd", "rmd160"] },
  sm3: { size: 32, blockSize: 64 },
  whirlpool: { size: 64, blockSize: 64, legacy: true },
  "md5-sha1": { size: 36, blockSize: 64, legacy: true },
  md5: { size: 16, blockSize: 64, legacy: true },
  md4: { size: 16, blockSize: 64, legacy: true },
  mdc2: { size: 16, blockSize: 8, legacy: true },
} as const satisfies Record<string, DigestTraits>;

/** The canonical name of a hash algorithm. */
export type DigestName = keyof typeof DIGESTS;

/** A hash algorithm as people write it: any case, with or without `-`, `_`, `/` and spaces. */
export type HashAlgorithm = DigestName | (string & {});

export const DIGEST_NAMES = Object.keys(DIGESTS) as readonly DigestName[];

export function traitsOf(name: DigestName): DigestTraits {
  return DIGESTS[name];
}

const SQUASHED_NAMES: ReadonlyMap<string, DigestName> = new Map(
  DIGEST_NAMES.flatMap((name) =>
    [squash(name), ...(traitsOf(name).aliases ?? [])].map((alias) => [alias, name] as const),
  ),
);

/** No name is longer, however it is written: a bound on the work that an unknown name can cause. */
const MAX_NAME_LENGTH = 32;

/** The canonical name, or undefined for a name that no algorithm has. */
export function canonicalName(spelling: string): DigestName | undefined {
  return spelling.length > MAX_NAME_LENGTH ? undefined : SQUASHED_NAMES.get(squash(spelling));
}

function squash(spelling: string): string {
  return spelling.toLowerCase().replace(/[-_/ ]/g, "");
}

export function requireAlgorithmName(algorithm: unknown): asserts algorithm is string {
  if (typeof algorithm === "string") return;
  throw new ArgumentError(
    argumentMessage(0, "algorithm", EXPECTATIONS.string, algorithm),
    "ERR_INVALID_ARG_TYPE",
  );
}

export function unknownAlgorithm(spelling: string): ArgumentError {
  const shown = spelling.slice(0, MAX_NAME_LENGTH).replace(/[^ -~]|["\\]/g, "?");
  const ellipsis = spelling.length > MAX_NAME_LENGTH ? "..." : "";
  return new ArgumentError(
    `${argumentLabel(0, "algorithm")} must be a hash algorithm that algorithms() lists, ` +
      `got "${shown}${ellipsis}"`,
  );
}
