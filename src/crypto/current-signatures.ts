import { loadNative } from "../internal/loader.js";
import { configurePool } from "../internal/pool-threads.js";
import { createNativeSignatures } from "./native-signatures.js";
import { createNodeSignatures } from "./node-signatures.js";
import type { SignatureBackend } from "./signature-backend.js";

/** Chosen once: native where a binary is loaded and finds libcrypto's signatures in the process. */
export const signatureBackend: SignatureBackend = chooseBackend();

function chooseBackend(): SignatureBackend {
  const { binding } = loadNative();
  const signatures = binding?.crypto?.signatures;
  if (binding === undefined || signatures === undefined || typeof signatures === "string") {
    return createNodeSignatures();
  }
  return createNativeSignatures(signatures, () => configurePool(binding));
}
