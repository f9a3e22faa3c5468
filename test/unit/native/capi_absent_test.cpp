#include <string_view>

#include "check.h"
#include "include/nearfar.h"

// The C ABI where no libcrypto can be found: every function that needs one says so.
void test_capi_without_libcrypto() {
  const char* text = nullptr;
  CHECK(nearfar_crypto_library(&text) == NEARFAR_ERR_CRYPTO_UNAVAILABLE);
  CHECK(std::string_view(text).find("libcrypto.so.3") != std::string_view::npos);
  char out[65];
  size_t size = 0;
  nearfar_hasher* hasher = nullptr;
  nearfar_key* key = nullptr;
  CHECK(nearfar_hash("", 0, "sha256", out, 65) == NEARFAR_ERR_CRYPTO_UNAVAILABLE);
  CHECK(nearfar_hash_bytes("", 0, "sha256", out, 65, &size) == NEARFAR_ERR_CRYPTO_UNAVAILABLE);
  CHECK(nearfar_hash_xof("", 0, "shake128", out, 65) == NEARFAR_ERR_CRYPTO_UNAVAILABLE);
  CHECK(nearfar_digest_size("sha256", &size) == NEARFAR_ERR_CRYPTO_UNAVAILABLE);
  CHECK(nearfar_hmac("", 0, "", 0, "sha256", out, 65, &size) == NEARFAR_ERR_CRYPTO_UNAVAILABLE);
  CHECK(nearfar_hasher_new("sha256", &hasher) == NEARFAR_ERR_CRYPTO_UNAVAILABLE);
  CHECK(nearfar_key_generate("ed25519", &key) == NEARFAR_ERR_CRYPTO_UNAVAILABLE);
  for (const char* format : {"pem", "der", "raw"}) {
    CHECK(nearfar_key_import_private(out, 32, format, "ed25519", &key) ==
          NEARFAR_ERR_CRYPTO_UNAVAILABLE);
    CHECK(nearfar_key_import_public(out, 32, format, "ed25519", &key) ==
          NEARFAR_ERR_CRYPTO_UNAVAILABLE);
  }
  CHECK(nearfar_key_import_encrypted("", 0, "", 0, &key) == NEARFAR_ERR_CRYPTO_UNAVAILABLE);
  CHECK(hasher == nullptr && key == nullptr);
}
