import { NativeError } from "../errors/index.js";

/**
 * A failure inside libcrypto, whichever backend reported it. The reason is one of libcrypto's
 * constant texts, which never contain key material.
 */
export function cryptoFailure(action: string, error: unknown): NativeError {
  return new NativeError("ERR_CRYPTO_FAILED", `${action} failed: ${reasonOf(error)}`, {
    cause: error,
  });
}

/** `node:crypto` keeps OpenSSL's reason beside a longer message; the native backend throws it. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return "unknown";
  return "reason" in error && typeof error.reason === "string" ? error.reason : error.message;
}
