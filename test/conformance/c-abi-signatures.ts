import { vi } from "vitest";
import { findCLibrary } from "../../src/cli/c-library.js";
import type { KeyBytes, Signatures, VectorOptions } from "./signature-implementations.js";

const ERR_INVALID_KEY = -6;
const ERR_BAD_SIGNATURE = -7;

/** The C ABI, called by this package's own engine. */
export async function openCAbi(): Promise<Signatures> {
  vi.resetModules(); // The module for the fallback has no native binary.
  const { dlopen, pointer, struct } = await import("../../src/ffi/index.js");
  const Options = struct([
    ["struct_size", "size_t"],
    ["hash", "string"],
    ["dsa_encoding", "string"],
    ["low_s", "int"],
    ["padding", "string"],
    ["salt_length", "int"],
  ]);
  const { functions } = dlopen(findCLibrary().library, {
    nearfar_key_import_private:
      "int nearfar_key_import_private(const void *, size_t, const char *, const char *, void *)",
    nearfar_key_import_public:
      "int nearfar_key_import_public(const void *, size_t, const char *, const char *, void *)",
    nearfar_key_with_options: {
      arguments: ["pointer", pointer(Options, "in"), "pointer"],
      return: "int",
    },
    nearfar_key_export_public:
      "int nearfar_key_export_public(const void *, const char *, void *, size_t, size_t *)",
    nearfar_signature_size: "int nearfar_signature_size(const void *key, size_t *size)",
    nearfar_sign: "int nearfar_sign(const void *, const void *, size_t, void *, size_t, size_t *)",
    nearfar_verify: "int nearfar_verify(const void *, const void *, size_t, const void *, size_t)",
    nearfar_key_free: "void nearfar_key_free(void *key)",
  });

  function importKey(
    { algorithm, format, bytes }: KeyBytes,
    isPrivate: boolean,
  ): bigint | undefined {
    const key = new BigUint64Array(1);
    const read = isPrivate
      ? functions.nearfar_key_import_private
      : functions.nearfar_key_import_public;
    const code = read(bytes, bytes.length, format, algorithm, key);
    if (code === ERR_INVALID_KEY) return undefined;
    expectOk(code);
    return key[0];
  }

  /** What `use` makes of a key with these options; undefined where the key is refused. */
  function withKey<T>(
    from: KeyBytes,
    isPrivate: boolean,
    options: VectorOptions | undefined,
    use: (key: bigint) => T,
  ): T | undefined {
    const key = importKey(from, isPrivate);
    if (key === undefined) return undefined;
    const special = new BigUint64Array(1);
    try {
      if (options === undefined) return use(key);
      const { hash, dsaEncoding, padding, saltLength } = options;
      const given = {
        struct_size: Options.size,
        hash: hash ?? null,
        dsa_encoding: dsaEncoding ?? null,
        low_s: 0,
        padding: padding ?? null,
        salt_length: saltLength ?? 0,
      };
      expectOk(functions.nearfar_key_with_options(key, given, special));
      return use(special[0] ?? 0n);
    } finally {
      functions.nearfar_key_free(special[0] ?? 0n);
      functions.nearfar_key_free(key);
    }
  }

  return {
    publicBytes(from) {
      const out = Buffer.alloc(256);
      const length = [0];
      const found = withKey(from, true, undefined, (key) =>
        expectOk(functions.nearfar_key_export_public(key, "raw", out, out.length, length)),
      );
      if (found === undefined) throw new Error("the private key was refused");
      return out.subarray(0, length[0]);
    },

    takesPublic: (from) => withKey(from, false, undefined, () => true) ?? false,

    sign(from, data, options) {
      const size = [0];
      const signature = withKey(from, true, options, (key) => {
        expectOk(functions.nearfar_signature_size(key, size));
        const out = Buffer.alloc(size[0] ?? 0);
        expectOk(functions.nearfar_sign(key, data, data.length, out, out.length, size));
        return out.subarray(0, size[0]);
      });
      if (signature === undefined) throw new Error("the private key was refused");
      return signature;
    },

    verify(from, data, signature, options) {
      const code = withKey(from, false, options, (key) =>
        functions.nearfar_verify(key, data, data.length, signature, signature.length),
      );
      if (code === undefined || code === ERR_BAD_SIGNATURE) return false;
      return expectOk(code);
    },
  };
}

function expectOk(code: number): true {
  if (code !== 0) throw new Error(`the C ABI answered ${code}`);
  return true;
}
