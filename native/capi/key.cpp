#include "capi/key.h"

#include <cstring>
#include <new>

namespace {

using nearfar::Error;
using nearfar::Result;
using nearfar::capi::bytes_of;
using nearfar::capi::check_input;
using nearfar::capi::check_output;
using nearfar::capi::status_of;
using nearfar::crypto::Key;
using nearfar::crypto::KeyFormat;
using nearfar::crypto::KeyKind;
using nearfar::crypto::KeyOperation;
using nearfar::crypto::PkeyHandle;
using nearfar::crypto::SecretBytes;

// `expected` is null if any kind will do.
int hand_out(Result<PkeyHandle> pkey, bool is_private, const KeyKind* expected, nearfar_key** key) {
  if (!pkey) return status_of(pkey.error());
  const Result<nearfar::crypto::SignatureApi>& api = nearfar::crypto::signature_api();
  if (!api) return status_of(api.error());
  Result<Key> made = Key::adopt(api.value(), std::move(pkey.value()), is_private);
  if (!made) return status_of(made.error());
  const KeyKind& kind = made.value().kind();
  if (expected != nullptr && &kind != expected) return NEARFAR_ERR_INVALID_KEY;
  Result<KeyOperation> ready =
      KeyOperation::prepare(made.value(), nearfar::crypto::default_parameters(kind));
  if (!ready) return status_of(ready.error());
  *key = new (std::nothrow) nearfar_key{std::move(made.value()), std::move(ready.value())};
  return *key != nullptr ? NEARFAR_OK : NEARFAR_ERR_OUT_OF_MEMORY;
}

bool read_format(const char* name, KeyFormat& format) {
  const std::string_view text(name);
  if (text == "pem") format = KeyFormat::kPem;
  if (text == "der") format = KeyFormat::kDer;
  if (text == "raw") format = KeyFormat::kRaw;
  return text == "pem" || text == "der" || text == "raw";
}

using KeyReader = Result<PkeyHandle>(KeyFormat, const KeyKind*, std::span<const std::byte>);

int import_key(KeyReader* read, bool is_private, const void* bytes, size_t size,
               const char* format_name, const char* algorithm, nearfar_key** key) {
  if (key == nullptr) return NEARFAR_ERR_NULL_POINTER;
  *key = nullptr;
  if (bytes == nullptr || format_name == nullptr) return NEARFAR_ERR_NULL_POINTER;
  if (const int status = check_input(bytes, size); status != NEARFAR_OK) return status;
  KeyFormat format;
  if (!read_format(format_name, format)) return NEARFAR_ERR_INVALID_ARGUMENT;
  if (algorithm == nullptr && format == KeyFormat::kRaw) return NEARFAR_ERR_NULL_POINTER;
  const KeyKind* kind = nullptr;
  if (algorithm != nullptr) {
    kind = nearfar::crypto::find_key_kind(algorithm);
    if (kind == nullptr) return NEARFAR_ERR_UNKNOWN_ALGORITHM;
  }
  return hand_out(read(format, kind, bytes_of(bytes, size)), is_private, kind, key);
}

int export_key(Result<SecretBytes> (*write)(KeyFormat, const nearfar::crypto::Pkey*),
               const nearfar_key& key, const char* format_name, void* out, size_t capacity,
               size_t* length) {
  KeyFormat format;
  if (!read_format(format_name, format)) return NEARFAR_ERR_INVALID_ARGUMENT;
  const Result<SecretBytes> written = write(format, key.key.handle());
  if (!written) return status_of(written.error());
  const std::span<const std::byte> bytes = written.value().bytes();
  const int status = check_output(out, capacity, bytes.size(), length);
  if (status == NEARFAR_OK) std::memcpy(out, bytes.data(), bytes.size());
  return status;
}

}  // namespace

int nearfar_key_generate(const char* algorithm, nearfar_key** key) {
  if (key == nullptr) return NEARFAR_ERR_NULL_POINTER;
  *key = nullptr;
  if (algorithm == nullptr) return NEARFAR_ERR_NULL_POINTER;
  const KeyKind* kind = nearfar::crypto::find_key_kind(algorithm);
  if (kind == nullptr) return NEARFAR_ERR_UNKNOWN_ALGORITHM;
  return hand_out(nearfar::crypto::generate_key(*kind), true, kind, key);
}

int nearfar_key_import_private(const void* bytes, size_t size, const char* format,
                               const char* algorithm, nearfar_key** key) {
  return import_key(nearfar::crypto::read_private_key, true, bytes, size, format, algorithm, key);
}

int nearfar_key_import_public(const void* bytes, size_t size, const char* format,
                              const char* algorithm, nearfar_key** key) {
  return import_key(nearfar::crypto::read_public_key, false, bytes, size, format, algorithm, key);
}

int nearfar_key_import_encrypted(const void* pem, size_t size, const void* passphrase,
                                 size_t passphrase_size, nearfar_key** key) {
  if (key == nullptr) return NEARFAR_ERR_NULL_POINTER;
  *key = nullptr;
  if (pem == nullptr || passphrase == nullptr) return NEARFAR_ERR_NULL_POINTER;
  int status = check_input(pem, size);
  if (status == NEARFAR_OK) status = check_input(passphrase, passphrase_size);
  if (status != NEARFAR_OK) return status;
  return hand_out(nearfar::crypto::read_encrypted_key(bytes_of(pem, size),
                                                      bytes_of(passphrase, passphrase_size)),
                  true, nullptr, key);
}

int nearfar_key_public(const nearfar_key* key, nearfar_key** public_key) {
  if (public_key == nullptr) return NEARFAR_ERR_NULL_POINTER;
  *public_key = nullptr;
  if (key == nullptr) return NEARFAR_ERR_NULL_POINTER;
  const Result<SecretBytes> der =
      nearfar::crypto::write_public_key(KeyFormat::kDer, key->key.handle());
  if (!der) return status_of(der.error());
  return hand_out(nearfar::crypto::read_public_key(KeyFormat::kDer, nullptr, der.value().bytes()),
                  false, &key->key.kind(), public_key);
}

int nearfar_key_export_private(const nearfar_key* key, const char* format, void* out,
                               size_t capacity, size_t* length) {
  if (key == nullptr || format == nullptr) return NEARFAR_ERR_NULL_POINTER;
  if (!key->key.is_private()) return NEARFAR_ERR_INVALID_KEY;
  return export_key(nearfar::crypto::write_private_key, *key, format, out, capacity, length);
}

int nearfar_key_export_public(const nearfar_key* key, const char* format, void* out,
                              size_t capacity, size_t* length) {
  if (key == nullptr || format == nullptr) return NEARFAR_ERR_NULL_POINTER;
  return export_key(nearfar::crypto::write_public_key, *key, format, out, capacity, length);
}

const char* nearfar_key_algorithm(const nearfar_key* key) {
  return key != nullptr ? key->key.kind().name : nullptr;
}

int nearfar_key_is_private(const nearfar_key* key) {
  return key != nullptr && key->key.is_private() ? 1 : 0;
}

void nearfar_key_free(nearfar_key* key) { delete key; }
