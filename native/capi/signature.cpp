#include <cstring>

#include "capi/key.h"

using nearfar::Result;
using nearfar::capi::bytes_of;
using nearfar::capi::check_input;
using nearfar::capi::check_output;
using nearfar::capi::status_of;

int nearfar_signature_size(const nearfar_key* key, size_t* size) {
  if (key == nullptr || size == nullptr) return NEARFAR_ERR_NULL_POINTER;
  *size = key->ready.max_signature_bytes();
  return NEARFAR_OK;
}

int nearfar_sign(const nearfar_key* key, const void* data, size_t size, void* out, size_t capacity,
                 size_t* length) {
  if (key == nullptr) return NEARFAR_ERR_NULL_POINTER;
  int status = check_input(data, size);
  if (status == NEARFAR_OK && !key->key.is_private()) status = NEARFAR_ERR_INVALID_KEY;
  if (status == NEARFAR_OK) {
    const size_t needed = key->ready.max_signature_bytes();
    status = check_output(out, capacity, needed, length);
  }
  if (status != NEARFAR_OK) return status;
  // Not into `out` itself, which may be where the data is.
  std::byte signature[nearfar::crypto::kMaxSignatureBytes];
  const Result<size_t> written = key->ready.sign(bytes_of(data, size), signature);
  if (!written) return status_of(written.error());
  std::memcpy(out, signature, written.value());
  if (length != nullptr) *length = written.value();
  return NEARFAR_OK;
}

int nearfar_verify(const nearfar_key* key, const void* data, size_t size, const void* signature,
                   size_t signature_size) {
  if (key == nullptr) return NEARFAR_ERR_NULL_POINTER;
  int status = check_input(data, size);
  if (status == NEARFAR_OK) status = check_input(signature, signature_size);
  if (status == NEARFAR_OK && key->key.is_private()) status = NEARFAR_ERR_INVALID_KEY;
  if (status != NEARFAR_OK) return status;
  const Result<bool> verified =
      key->ready.verify(bytes_of(data, size), bytes_of(signature, signature_size));
  if (!verified) return status_of(verified.error());
  return verified.value() ? NEARFAR_OK : NEARFAR_ERR_BAD_SIGNATURE;
}
