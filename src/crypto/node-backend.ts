import type { KeyObject } from "node:crypto";
import type { CryptoBackend, Signer, Verifier } from "./backend.js";
import { type Input, refuseDetached, type View } from "./data.js";
import { nodeCrypto } from "./node-crypto.js";
import { nodeDigests } from "./node-digests.js";

/** The backend that is always there: `node:crypto`. */
export function createNodeBackend(): CryptoBackend {
  return { name: "node", ...nodeDigests, createSigner, createVerifier };
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
