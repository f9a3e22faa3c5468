import { existsSync } from "node:fs";
import { builtLibrary } from "../../src/cli/compile.js";
import type { KeyAlgorithm, PrivateKey, PublicKey } from "../../src/crypto/index.js";
import { type CryptoModule, native, node } from "../unit/crypto/backends.js";
import { openCAbi } from "./c-abi-signatures.js";

/** A key in a form that all ways of calling read: raw bytes, or DER, which RSA has only. */
export interface KeyBytes {
  readonly algorithm: KeyAlgorithm;
  readonly format: "raw" | "der";
  readonly bytes: Buffer;
}

export interface VectorOptions {
  readonly hash?: string;
  readonly dsaEncoding?: "ieee-p1363";
  readonly padding?: "pkcs1" | "pss";
  readonly saltLength?: number;
}

/** What published vectors are run against. */
export interface Signatures {
  /** The public half, raw. */
  publicBytes(privateKey: KeyBytes): Buffer;
  takesPublic(key: KeyBytes): boolean;
  sign(key: KeyBytes, data: Buffer, options?: VectorOptions): Buffer;
  /** False also for a key that is refused, as points are that do not lie on the curve. */
  verify(key: KeyBytes, data: Buffer, signature: Buffer, options?: VectorOptions): boolean;
}

/** In CI the library of the C ABI has to be there. */
const hasCLibrary = process.env.CI !== undefined || existsSync(builtLibrary);

export const implementations: readonly { name: string; signatures: Signatures }[] = [
  { name: "native", signatures: of(native) },
  { name: "node:crypto", signatures: of(node) },
  ...(hasCLibrary ? [{ name: "C ABI", signatures: await openCAbi() }] : []),
];

function of(crypto: CryptoModule): Signatures {
  const privateKey = ({ bytes, format, algorithm }: KeyBytes): PrivateKey =>
    crypto.importPrivateKey(bytes, { format, algorithm });

  const publicKey = ({ bytes, format, algorithm }: KeyBytes): PublicKey | undefined => {
    try {
      return crypto.importPublicKey(bytes, { format, algorithm });
    } catch (error) {
      if ((error as { code?: string }).code === "ERR_INVALID_ARG_VALUE") return undefined;
      throw error;
    }
  };

  return {
    publicBytes: (key) => privateKey(key).publicKey.export({ format: "raw" }),
    takesPublic: (key) => publicKey(key) !== undefined,
    sign: (key, data, options) => crypto.sign(privateKey(key), data, options),
    verify(from, data, signature, options) {
      const key = publicKey(from);
      return key !== undefined && crypto.verify(key, data, signature, options);
    },
  };
}
