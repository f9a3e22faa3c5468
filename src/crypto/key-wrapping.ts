import type { KeyObject } from "node:crypto";
import { derContents, derElement, derElements, secretBuffer, TAGS } from "./der.js";
import { nodeCrypto } from "./node-crypto.js";
import type { CurveAlgorithm, RsaAlgorithm } from "./signature-algorithms.js";

const { integer, bitString, octetString, sequence, objectIdentifier } = TAGS;

const VERSION_0 = Buffer.of(integer, 1, 0);
const VERSION_1 = Buffer.of(integer, 1, 1);
const NULL = Buffer.of(TAGS.null, 0);

/** id-ecPublicKey (RFC 5480, 2.1.1). */
const EC_PUBLIC_KEY = identifier("2a8648ce3d0201");

/** AlgorithmIdentifiers: RFC 8410, 3; RFC 5480, 2.1.1; RFC 8017, A.1 and A.2.3. */
const ALGORITHM_IDENTIFIERS = {
  ed25519: derElement(sequence, identifier("2b6570")),
  ed448: derElement(sequence, identifier("2b6571")),
  p256: derElement(sequence, EC_PUBLIC_KEY, identifier("2a8648ce3d030107")),
  p384: derElement(sequence, EC_PUBLIC_KEY, identifier("2b81040022")),
  p521: derElement(sequence, EC_PUBLIC_KEY, identifier("2b81040023")),
  secp256k1: derElement(sequence, EC_PUBLIC_KEY, identifier("2b8104000a")),
  rsa: derElement(sequence, identifier("2a864886f70d010101"), NULL),
  // Without parameters: for any hash and any length of salt.
  "rsa-pss": derElement(sequence, identifier("2a864886f70d01010a")),
} as const satisfies Record<CurveAlgorithm | RsaAlgorithm, Buffer>;

/** Private bytes of the Edwards curves as PKCS#8 (RFC 8410, 7). The caller zeroes it. */
export function edwardsPkcs8(algorithm: "ed25519" | "ed448", bytes: Uint8Array): Buffer {
  return pkcs8(algorithm, () => derElement(octetString, bytes));
}

/** A private scalar as PKCS#8 without its public point (RFC 5915, 3). The caller zeroes it. */
export function scalarPkcs8(algorithm: CurveAlgorithm, scalar: Uint8Array): Buffer {
  return pkcs8(algorithm, () => {
    const bytes = derElement(octetString, scalar);
    return zeroing([bytes], () => derElement(sequence, VERSION_1, bytes));
  });
}

/** Public bytes as SPKI (RFC 5280, 4.1.2.7). */
export function spki(algorithm: CurveAlgorithm | RsaAlgorithm, bytes: Uint8Array): Buffer {
  const key = derElement(bitString, Buffer.of(0), bytes);
  return derElement(sequence, ALGORITHM_IDENTIFIERS[algorithm], key);
}

/** What PKCS#8 wraps; calls `use` with it and zeroes it. */
function withPrivateBytes<T>(key: KeyObject, use: (bytes: Buffer) => T): T {
  const der = key.export({ format: "der", type: "pkcs8" });
  const [, , wrapped = der.subarray(0, 0)] = derElements(derContents(der));
  return zeroing([der], () => use(wrapped));
}

/** The private bytes of a curve's key, which the caller zeroes. */
export function privateBytes(key: KeyObject): Buffer {
  return withPrivateBytes(key, (wrapped) => {
    const inner = key.asymmetricKeyType === "ec" ? derElements(derContents(wrapped))[1] : undefined;
    const bytes = inner ?? derContents(wrapped);
    const copy = secretBuffer(bytes.length);
    copy.set(bytes);
    return copy;
  });
}

/** The same RSA key for the other use, without restrictions of hash and salt. */
export function asRsaAlgorithm(key: KeyObject, algorithm: RsaAlgorithm): KeyObject {
  const crypto = nodeCrypto();
  if (key.type === "public") {
    const wrapped = derElements(derContents(key.export({ format: "der", type: "spki" })))[1];
    const der = spki(algorithm, wrapped?.subarray(1) ?? Buffer.alloc(0));
    return crypto.createPublicKey({ key: der, format: "der", type: "spki" });
  }
  return withPrivateBytes(key, (bytes) => {
    const der = pkcs8(algorithm, () => bytes);
    return zeroing([der], () =>
      crypto.createPrivateKey({ key: der, format: "der", type: "pkcs8" }),
    );
  });
}

/** Zeroes what `make` returns once it is wrapped. */
function pkcs8(algorithm: CurveAlgorithm | RsaAlgorithm, make: () => Buffer): Buffer {
  const bytes = make();
  const wrapped = derElement(octetString, bytes);
  return zeroing([bytes, wrapped], () =>
    derElement(sequence, VERSION_0, ALGORITHM_IDENTIFIERS[algorithm], wrapped),
  );
}

function zeroing<T>(secrets: readonly Buffer[], action: () => T): T {
  try {
    return action();
  } finally {
    for (const secret of secrets) secret.fill(0);
  }
}

function identifier(hex: string): Buffer {
  return derElement(objectIdentifier, Buffer.from(hex, "hex"));
}
