#include "crypto/libcrypto.h"

#include "crypto/binder.h"

namespace nearfar::crypto {
namespace {

Result<DigestApi> load_digests() {
  Binder binder;
  DigestApi api{};
  binder.bind(api.fetch, "EVP_MD_fetch");
  binder.bind(api.free, "EVP_MD_free");
  binder.bind(api.get_size, "EVP_MD_get_size");
  binder.bind(api.get_block_size, "EVP_MD_get_block_size");
  binder.bind(api.get_flags, "EVP_MD_get_flags");
  binder.bind(api.context_new, "EVP_MD_CTX_new");
  binder.bind(api.context_free, "EVP_MD_CTX_free");
  binder.bind(api.context_copy, "EVP_MD_CTX_copy_ex");
  binder.bind(api.init, "EVP_DigestInit_ex2");
  binder.bind(api.update, "EVP_DigestUpdate");
  binder.bind(api.final, "EVP_DigestFinal_ex");
  binder.bind(api.final_xof, "EVP_DigestFinalXOF");
  binder.bind(api.cleanse, "OPENSSL_cleanse");
  binder.bind(api.errors.peek_first, "ERR_peek_error");
  binder.bind(api.errors.reason, "ERR_reason_error_string");
  binder.bind(api.errors.clear, "ERR_clear_error");
  if (binder.failed()) return binder.error();
  // BoringSSL has no EVP_MD_fetch and has EVP_DigestUpdate: a process with both libraries in its
  // global scope would mix them.
  const void* image = platform::image_of(reinterpret_cast<const void*>(api.fetch));
  if (image != platform::image_of(reinterpret_cast<const void*>(api.update))) {
    return Error{ErrorCode::kCryptoUnavailable, "this process has two libraries like libcrypto"};
  }
  return api;
}

}  // namespace

const Result<DigestApi>& digest_api() {
  static const Result<DigestApi> api = load_digests();
  return api;
}

Error take_error(const ErrorApi& errors, ErrorCode code, const char* fallback) {
  // The first error is the cause, those after it say who was told, as "RSA lib"; node:crypto
  // reports the first one, too. The reason is a constant string of libcrypto's tables: it cannot
  // contain key material.
  const char* reason = errors.reason(errors.peek_first());
  Error error{code, reason != nullptr ? reason : fallback};
  errors.clear();
  return error;
}

}  // namespace nearfar::crypto
