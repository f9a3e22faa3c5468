import type { KeyObject } from "node:crypto";
import type { SignatureBinding } from "../internal/crypto-binding.js";
import type { CryptoBackend, DigestBackend, Signer, Verifier } from "./backend.js";
import { refuseDetached } from "./data.js";

/** DER of two 256-bit integers; native code asks for this much room. */
const MAX_SIGNATURE_BYTES = 72;

/** The backend over the process's libcrypto; `others` serves signatures if native code cannot. */
export function createNativeBackend(
  digests: DigestBackend,
  signatures: SignatureBinding | string,
  others: CryptoBackend,
): CryptoBackend {
  const keys = typeof signatures === "string" ? others : nativeKeys(signatures);
  return {
    name: "native",
    ...digests,
    createSigner: keys.createSigner,
    createVerifier: keys.createVerifier,
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
