import { createClient } from "../../client/index.js";
import { dlopen } from "../../ffi/index.js";
import { findCLibrary } from "../c-library.js";
import type { Place } from "./operations.js";
import { AsideMathService } from "./services.js";

/** As nearfar.h has them. */
const declarations = {
  nearfar_hash:
    "int nearfar_hash(const void *data, size_t size, const char *algorithm, char *hex, size_t)",
  nearfar_key_import_private:
    "int nearfar_key_import_private(const void *, size_t, const char *, const char *_Nullable, void **)",
  nearfar_key_import_public:
    "int nearfar_key_import_public(const void *, size_t, const char *, const char *_Nullable, void **)",
  nearfar_sign:
    "int nearfar_sign(const void *key, const void *, size_t, void *out, size_t, size_t *length)",
  nearfar_verify: "int nearfar_verify(const void *key, const void *, size_t, const void *, size_t)",
} as const;

const hexDigits = 64;
const signatureBytes = 64;

/** The functions in helper processes, and how those end. */
export interface Aside {
  readonly place: Place;
  $close(): Promise<void>;
}

/**
 * The same functions in helper processes: hashes and signatures by the C library, which is the code
 * that the addon has, and `cos` by its definition with `isolate`.
 *
 * @throws CommandFailure without a C library, NativeError where there are no helpers
 */
export function openAside(): Aside {
  const { functions: c, lib } = dlopen(findCLibrary().library, declarations, { isolate: true });
  const math = createClient(AsideMathService, { mode: "ffi" });
  const keys = new Map<string, Promise<bigint>>();
  /** A key is parsed once, as near. */
  const keyOf = (pem: string, parse: typeof c.nearfar_key_import_public) => {
    let key = keys.get(pem);
    if (key === undefined) {
      const handle = new BigUint64Array(1);
      key = parse(pem, pem.length, "pem", null, handle).then((code) => {
        requireSuccess(code);
        return handle[0] ?? 0n;
      });
      keys.set(pem, key);
    }
    return key;
  };
  const crypto: Place["crypto"] = {
    async hash_data(data) {
      const hex = Buffer.alloc(hexDigits + 1);
      requireSuccess(await c.nearfar_hash(data, data.length, "sha256", hex, hex.length));
      return hex.toString("latin1", 0, hexDigits);
    },
    async sign_data(data, pem) {
      const key = await keyOf(pem, c.nearfar_key_import_private);
      const signature = Buffer.alloc(signatureBytes);
      const { length } = signature;
      requireSuccess(await c.nearfar_sign(key, data, data.length, signature, length, null));
      return signature;
    },
    async verify_signature(data, signature, pem) {
      const key = await keyOf(pem, c.nearfar_key_import_public);
      const { length } = signature;
      requireSuccess(await c.nearfar_verify(key, data, data.length, signature, length));
      return true;
    },
  };
  const $close = async () => {
    lib.close();
    await math.$close();
  };
  return { place: { crypto, math }, $close };
}

/** Also a wrong signature: the bench verifies right ones. */
function requireSuccess(code: number): void {
  if (code !== 0) throw new Error(`the C library failed with code ${code}`);
}
