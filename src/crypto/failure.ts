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

/**
 * `node:crypto` keeps OpenSSL's reason beside a longer message or, in its asynchronous forms, at
 * the end of `error:<code>:<library>:<function>:<reason>`; the native backend throws it.
 */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return "unknown";
  if ("reason" in error && typeof error.reason === "string") return error.reason;
  return /^error:[0-9A-F]+:[^:]*:[^:]*:(.*)$/.exec(error.message)?.[1] ?? error.message;
}

/** The result of a call of a backend that nothing but libcrypto can make fail. */
export function checked<T>(action: string, call: () => T): T {
  try {
    return call();
  } catch (error) {
    throw cryptoFailure(action, error);
  }
}

/** As `checked`, for what is finished later. */
export function checkedLater<T>(action: string, running: Promise<T>): Promise<T> {
  return running.catch((error: unknown) => {
    throw cryptoFailure(action, error);
  });
}
