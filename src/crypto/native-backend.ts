import type { KeyObject } from "node:crypto";
import type { DigestBinding, SignatureBinding } from "../internal/crypto-binding.js";
import type { CryptoBackend, Digest, Signer, TextEncoding, Verifier } from "./backend.js";
import { type Input, refuseDetached, type View } from "./data.js";

/** DER of two 256-bit integers; native code asks for this much room. */
const MAX_SIGNATURE_BYTES = 72;

/** The backend over the process's libcrypto; `others` serves signatures if native code cannot. */
export function createNativeBackend(
  digests: DigestBinding,
  signatures: SignatureBinding | string,
  others: CryptoBackend,
): CryptoBackend {
  const keys = typeof signatures === "string" ? others : nativeKeys(signatures);
  return {
    name: "native",
    ...nativeDigests(digests),
    createSigner: keys.createSigner,
    createVerifier: keys.createVerifier,
  };
}

function nativeDigests(binding: DigestBinding) {
  const request = new Uint32Array(binding.request);

  // Native code leaves a view of no bytes to us; `request` still holds what is wanted.
  function hashNothing(data: Input): string {
    refuseDetached(data);
    return binding.hash("") ?? "";
  }

  return {
    fetchDigest(name: string, size: number, extendable: boolean): Digest | undefined {
      try {
        return { name, size, extendable, index: binding.fetchDigest(name, size) };
      } catch {
        return undefined;
      }
    },

    hash(digest: Digest, data: Input, encoding: TextEncoding): string {
      const code = encoding === "hex" ? 0 : encoding === "base64" ? 1 : 2;
      request[0] = digest.index * 4 + code;
      return binding.hash(data) ?? hashNothing(data);
    },

    hashInto(digest: Digest, data: Input, out: View): void {
      request[0] = digest.index * 4;
      if (binding.hashInto(data, out) === false) {
        refuseDetached(data);
        binding.hashInto("", out);
      }
    },
  };
}

function nativeKeys(
  binding: SignatureBinding,
): Pick<CryptoBackend, "createSigner" | "createVerifier"> {
  return {
    createSigner(keyObject: KeyObject): Signer {
      const der = keyObject.export({ format: "der", type: "pkcs8" });
      try {
        const key = binding.readPrivateKey(der);
        return {
          sign(data) {
            refuseDetached(data);
            const signature = Buffer.allocUnsafe(MAX_SIGNATURE_BYTES);
            return signature.subarray(0, binding.sign(key, data, signature));
          },
        };
      } finally {
        der.fill(0);
      }
    },

    createVerifier(keyObject: KeyObject): Verifier {
      const key = binding.readPublicKey(keyObject.export({ format: "der", type: "spki" }));
      return {
        verify(data, signature) {
          refuseDetached(data);
          refuseDetached(signature);
          return binding.verify(key, data, signature);
        },
      };
    },
  };
}
