import type { KeyAlgorithm } from "./signature-algorithms.js";

interface RawEncoding {
  /** What precedes the private bytes in PKCS#8 DER (RFC 5958; RFC 8410 for Ed25519, RFC 5915 for EC). */
  readonly pkcs8Prefix: string;
  /** What precedes a public key of that many bytes in SPKI DER (RFC 5280; RFC 8410, RFC 5480). */
  readonly spkiPrefixes: Readonly<Record<number, string>>;
  /** The order of the curve's group: a private scalar is from 1 to one less (SEC 2, 2.4). */
  readonly order?: bigint;
  readonly privateForm: string;
  readonly publicForm: string;
}

const POINT_FORM = "a point on the curve, of 33 bytes (compressed) or 65 (uncompressed)";

const RAW_ENCODINGS = {
  ed25519: {
    pkcs8Prefix: "302e020100300506032b657004220420",
    spkiPrefixes: { 32: "302a300506032b6570032100" },
    privateForm: "a seed of 32 bytes",
    publicForm: "a public key of 32 bytes",
  },
  p256: {
    pkcs8Prefix: "3041020100301306072a8648ce3d020106082a8648ce3d030107042730250201010420",
    spkiPrefixes: {
      33: "3039301306072a8648ce3d020106082a8648ce3d030107032200",
      65: "3059301306072a8648ce3d020106082a8648ce3d030107034200",
    },
    order: 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
    privateForm: "a scalar of 32 bytes, from 1 to the group's order less 1",
    publicForm: POINT_FORM,
  },
  secp256k1: {
    pkcs8Prefix: "303e020100301006072a8648ce3d020106052b8104000a042730250201010420",
    spkiPrefixes: {
      33: "3036301006072a8648ce3d020106052b8104000a032200",
      65: "3056301006072a8648ce3d020106052b8104000a034200",
    },
    order: 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n,
    privateForm: "a scalar of 32 bytes, from 1 to the group's order less 1",
    publicForm: POINT_FORM,
  },
} as const satisfies Record<KeyAlgorithm, RawEncoding>;

const PRIVATE_BYTES = 32;

/** Raw private bytes as PKCS#8 DER, which the caller zeroes; undefined if they are not a key. */
export function rawToPkcs8(algorithm: KeyAlgorithm, bytes: Uint8Array): Buffer | undefined {
  const { pkcs8Prefix, order }: RawEncoding = RAW_ENCODINGS[algorithm];
  if (bytes.length !== PRIVATE_BYTES || (order !== undefined && !isScalar(bytes, order))) {
    return undefined;
  }
  const prefix = Buffer.from(pkcs8Prefix, "hex");
  // Memory of its own, not of Buffer's pool.
  const der = Buffer.alloc(prefix.length + bytes.length);
  der.set(prefix);
  der.set(bytes, prefix.length);
  return der;
}

/** Raw public bytes as SPKI DER; undefined if no key has that length. */
export function rawToSpki(algorithm: KeyAlgorithm, bytes: Uint8Array): Buffer | undefined {
  const { spkiPrefixes }: RawEncoding = RAW_ENCODINGS[algorithm];
  const prefix = spkiPrefixes[bytes.length];
  return prefix === undefined ? undefined : Buffer.concat([Buffer.from(prefix, "hex"), bytes]);
}

/** What raw bytes must be, for messages. */
export function rawForm(algorithm: KeyAlgorithm, type: "private" | "public"): string {
  const { privateForm, publicForm } = RAW_ENCODINGS[algorithm];
  return type === "private" ? privateForm : publicForm;
}

/** OpenSSL 3.0 takes a scalar modulo the order, so that two encodings would be one key. */
function isScalar(bytes: Uint8Array, order: bigint): boolean {
  let scalar = 0n;
  for (const byte of bytes) scalar = (scalar << 8n) | BigInt(byte);
  return scalar > 0n && scalar < order;
}
