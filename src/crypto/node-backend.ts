import type { KeyObject } from "node:crypto";
import type { CryptoBackend, Digest, Signer, TextEncoding, Verifier } from "./backend.js";
import { type Input, refuseDetached, type View } from "./data.js";
import { nodeCrypto } from "./node-crypto.js";

/** The backend that is always there: `node:crypto`. */
export function createNodeBackend(): CryptoBackend {
  return { name: "node", fetchDigest, hash, hashInto, createSigner, createVerifier };
}

function fetchDigest(name: string, size: number, extendable: boolean): Digest | undefined {
  const digest = { name, size, extendable, index: 0 };
  try {
    incremental(digest);
    return digest;
  } catch {
    return undefined;
  }
}

function hash(digest: Digest, data: Input, encoding: TextEncoding): string {
  refuseDetached(data);
  return digest.extendable
    ? incremental(digest).update(data).digest(encoding)
    : nodeCrypto().hash(digest.name, data, encoding);
}

function hashInto(digest: Digest, data: Input, out: View): void {
  refuseDetached(data);
  refuseDetached(out);
  const target = new Uint8Array(out.buffer, out.byteOffset, out.byteLength);
  target.set(incremental(digest).update(data).digest());
}

/** From OpenSSL 3.4 on an extendable output has no length of its own, so it is always named. */
function incremental({ name, size, extendable }: Digest) {
  return nodeCrypto().createHash(name, extendable ? { outputLength: size } : undefined);
}

function createSigner(key: KeyObject): Signer {
  const algorithm = signatureDigest(key);
  return {
    sign(data) {
      refuseDetached(data);
      return nodeCrypto().sign(algorithm, toBytes(data), key);
    },
  };
}

function createVerifier(key: KeyObject): Verifier {
  const algorithm = signatureDigest(key);
  return {
    verify(data, signature) {
      refuseDetached(data);
      refuseDetached(signature);
      return nodeCrypto().verify(algorithm, toBytes(data), key, signature);
    },
  };
}

/** Ed25519 hashes by itself (RFC 8032, 5.1); ECDSA is used with SHA-256. */
function signatureDigest(key: KeyObject): "sha256" | null {
  return key.asymmetricKeyType === "ed25519" ? null : "sha256";
}

function toBytes(data: Input): View {
  return typeof data === "string" ? Buffer.from(data, "utf8") : data;
}
