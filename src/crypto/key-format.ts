import { ArgumentError, describeValue, EXPECTATIONS } from "../errors/index.js";
import { isDetached, toView } from "./data.js";

export const KEY_FORMATS = ["pem", "der", "raw", "jwk"] as const;

/** How a key is written. */
export type KeyFormat = (typeof KEY_FORMATS)[number];

/** The longest that OpenSSL takes (PEM_BUFSIZE). */
const MAX_PASSPHRASE_BYTES = 1024;

/** A passphrase as `node:crypto` takes it: bytes in place. */
export function requirePassphrase(passphrase: unknown): string | Buffer {
  if (typeof passphrase !== "string") return passphraseBytes(passphrase);
  requireLength(Buffer.byteLength(passphrase));
  return passphrase;
}

function passphraseBytes(passphrase: unknown): Buffer {
  let view: NodeJS.ArrayBufferView;
  try {
    view = toView(passphrase, 0, "passphrase");
  } catch {
    throw new ArgumentError(
      `options.passphrase must be ${EXPECTATIONS.data}, got ${describeValue(passphrase)}`,
      "ERR_INVALID_ARG_TYPE",
    );
  }
  if (isDetached(view)) {
    throw new ArgumentError(`options.passphrase must be ${EXPECTATIONS.attachedBytes}`);
  }
  requireLength(view.byteLength);
  return Buffer.from(view.buffer, view.byteOffset, view.byteLength);
}

function requireLength(length: number): void {
  if (length >= 1 && length <= MAX_PASSPHRASE_BYTES) return;
  throw new ArgumentError(
    `options.passphrase must have from 1 to ${MAX_PASSPHRASE_BYTES} bytes, got ${length}`,
  );
}
