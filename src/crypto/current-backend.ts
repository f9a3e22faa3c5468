import { loadNative } from "../internal/loader.js";
import type { CryptoBackend } from "./backend.js";
import { createNativeBackend } from "./native-backend.js";
import { nativeDigests } from "./native-digests.js";
import { createNodeBackend } from "./node-backend.js";

/** Chosen once: native where a binary is loaded and finds libcrypto's digests in the process. */
export const cryptoBackend: CryptoBackend = chooseBackend();

function chooseBackend(): CryptoBackend {
  const { binding } = loadNative();
  const node = createNodeBackend();
  if (binding?.crypto === undefined || typeof binding.crypto.digests === "string") return node;
  const digests = nativeDigests(binding.crypto.digests, binding.configurePool);
  return createNativeBackend(digests, binding.crypto.signatures, node);
}

/** `"native"` where hashing happens in native code, `"node"` where `node:crypto` does it. */
export const backend: "native" | "node" = cryptoBackend.name;
