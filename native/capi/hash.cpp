#include "capi/algorithm.h"
#include "capi/status.h"
#include "crypto/encoding.h"
#include "crypto/hasher.h"

namespace {

using nearfar::Result;
using nearfar::capi::Algorithm;
using nearfar::capi::bytes_of;
using nearfar::capi::check_input;
using nearfar::capi::check_output;
using nearfar::capi::status_of;
using nearfar::crypto::Digest;
using nearfar::crypto::Hasher;

// The algorithm if both it and the input are as they should be.
int find_for(const void* data, size_t size, const char* name, const Algorithm*& algorithm) {
  if (name == nullptr) return NEARFAR_ERR_NULL_POINTER;
  if (const int status = check_input(data, size); status != NEARFAR_OK) return status;
  const Result<const Algorithm*> found = nearfar::capi::find_algorithm(name);
  if (!found) return status_of(found.error());
  algorithm = found.value();
  return NEARFAR_OK;
}

int hash_into(const Algorithm& algorithm, const void* data, size_t size, void* out,
              size_t out_size) {
  Result<Digest> digest = Digest::make(algorithm.digest);
  if (!digest) return status_of(digest.error());
  const bool done =
      digest.value().hash(bytes_of(data, size), static_cast<std::byte*>(out), out_size);
  return done ? NEARFAR_OK : status_of(digest.value().error());
}

}  // namespace

int nearfar_hash(const void* data, size_t size, const char* algorithm, char* hex, size_t capacity) {
  if (hex == nullptr) return NEARFAR_ERR_NULL_POINTER;
  const Algorithm* found = nullptr;
  if (const int status = find_for(data, size, algorithm, found); status != NEARFAR_OK) {
    return status;
  }
  if (capacity < found->size * 2 + 1) return NEARFAR_ERR_BUFFER_TOO_SMALL;
  std::byte digest[nearfar::crypto::kMaxDigestBytes];
  const int status = hash_into(*found, data, size, digest, found->size);
  if (status != NEARFAR_OK) return status;
  using nearfar::crypto::Encoding;
  hex[nearfar::crypto::encode(Encoding::kHex, {digest, found->size}, hex)] = '\0';
  return NEARFAR_OK;
}

int nearfar_hash_bytes(const void* data, size_t size, const char* algorithm, void* out,
                       size_t capacity, size_t* length) {
  const Algorithm* found = nullptr;
  int status = find_for(data, size, algorithm, found);
  if (status == NEARFAR_OK) status = check_output(out, capacity, found->size, length);
  return status == NEARFAR_OK ? hash_into(*found, data, size, out, found->size) : status;
}

int nearfar_hash_xof(const void* data, size_t size, const char* algorithm, void* out,
                     size_t out_size) {
  if (out == nullptr) return NEARFAR_ERR_NULL_POINTER;
  const Algorithm* found = nullptr;
  if (const int status = find_for(data, size, algorithm, found); status != NEARFAR_OK) {
    return status;
  }
  if (!found->digest->extendable()) return NEARFAR_ERR_UNKNOWN_ALGORITHM;
  if (!nearfar::capi::is_xof_size(out_size)) return NEARFAR_ERR_INVALID_ARGUMENT;
  return hash_into(*found, data, size, out, out_size);
}

int nearfar_digest_size(const char* algorithm, size_t* size) {
  if (size == nullptr) return NEARFAR_ERR_NULL_POINTER;
  const Algorithm* found = nullptr;
  const int status = find_for(nullptr, 0, algorithm, found);
  if (status == NEARFAR_OK) *size = found->size;
  return status;
}

int nearfar_hmac(const void* key, size_t key_size, const void* data, size_t size,
                 const char* algorithm, void* out, size_t capacity, size_t* length) {
  const Algorithm* found = nullptr;
  int status = check_input(key, key_size);
  if (status == NEARFAR_OK) status = find_for(data, size, algorithm, found);
  if (status != NEARFAR_OK) return status;
  if (found->digest->extendable()) return NEARFAR_ERR_UNKNOWN_ALGORITHM;
  status = check_output(out, capacity, found->size, length);
  if (status != NEARFAR_OK) return status;
  Result<Hasher> hasher = Hasher::make_keyed(found->digest, bytes_of(key, key_size));
  if (!hasher) return status_of(hasher.error());
  const bool done = hasher.value().update(bytes_of(data, size)) &&
                    hasher.value().finish(static_cast<std::byte*>(out), found->size);
  return done ? NEARFAR_OK : status_of(hasher.value().error());
}
