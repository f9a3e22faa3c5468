#include "crypto/key.h"

#include <climits>

namespace nearfar::crypto {
namespace {

using Reader = Pkey* (*)(Pkey**, const unsigned char**, long);  // NOLINT: libcrypto's own type

Result<PkeyHandle> read(const SignatureApi& api, Reader reader, std::span<const std::byte> der) {
  if (der.size() > INT_MAX) return Error{ErrorCode::kInvalidKey, "the key is too long"};
  const auto* next = reinterpret_cast<const unsigned char*>(der.data());
  PkeyHandle key(reader(nullptr, &next, static_cast<int>(der.size())), {api.key_free});
  if (key != nullptr) return key;
  return take_error(api.digests.errors, ErrorCode::kInvalidKey, "the key cannot be read");
}

}  // namespace

Key::Key(PkeyHandle key, const KeyKind& kind, bool is_private, size_t signature_bytes)
    : key_(std::move(key)),
      kind_(&kind),
      is_private_(is_private),
      signature_bytes_(signature_bytes) {}

Result<Key> Key::adopt(const SignatureApi& api, PkeyHandle key, bool is_private) {
  const KeyKind* kind = key_kind_of(api, key.get());
  const int signature_bytes = api.key_size(key.get());
  if (kind == nullptr || signature_bytes <= 0) {
    return Error{ErrorCode::kInvalidKey, "the key is of an unknown kind"};
  }
  if (static_cast<size_t>(signature_bytes) > kMaxSignatureBytes) {
    return Error{ErrorCode::kInvalidKey, "the key is too long"};
  }
  return Key(std::move(key), *kind, is_private, static_cast<size_t>(signature_bytes));
}

Result<Key> Key::read_private(std::span<const std::byte> pkcs8) {
  const Result<SignatureApi>& api = signature_api();
  if (!api) return api.error();
  Result<PkeyHandle> key = read(api.value(), api.value().read_private, pkcs8);
  if (!key) return key.error();
  return adopt(api.value(), std::move(key.value()), true);
}

Result<Key> Key::read_public(std::span<const std::byte> spki) {
  const Result<SignatureApi>& api = signature_api();
  if (!api) return api.error();
  Result<PkeyHandle> key = read(api.value(), api.value().read_public, spki);
  if (!key) return key.error();
  return adopt(api.value(), std::move(key.value()), false);
}

}  // namespace nearfar::crypto
