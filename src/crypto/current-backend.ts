import { loadNative } from "../internal/loader.js";
import type { CryptoBackend } from "./backend.js";
import { nativeDigests } from "./native-digests.js";
import { nodeDigests } from "./node-digests.js";

/** Chosen once: native where a binary is loaded and finds libcrypto's digests in the process. */
export const cryptoBackend: CryptoBackend = chooseBackend();

function chooseBackend(): CryptoBackend {
  const { binding } = loadNative();
  if (binding?.crypto === undefined || typeof binding.crypto.digests === "string") {
    return { name: "node", ...nodeDigests };
  }
  return { name: "native", ...nativeDigests(binding.crypto.digests, binding.configurePool) };
}

/** `"native"` where hashing happens in native code, `"node"` where `node:crypto` does it. */
export const backend: "native" | "node" = cryptoBackend.name;
