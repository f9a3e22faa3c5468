#pragma once

#include <span>

#include "crypto/key_kind.h"
#include "crypto/signature_api.h"

namespace nearfar::crypto {

// Of an RSA key with 16384 bits, the longest that libcrypto uses.
inline constexpr size_t kMaxSignatureBytes = 2048;

// A private or public key, parsed once. Freeing it clears private parts (EVP_PKEY_free does).
// Immutable: any number of threads may use it.
class Key {
 public:
  static Result<Key> read_private(std::span<const std::byte> pkcs8);
  static Result<Key> read_public(std::span<const std::byte> spki);

  // Takes a key that libcrypto made; one that cannot sign is refused.
  static Result<Key> adopt(const SignatureApi& api, PkeyHandle key, bool is_private);

  const KeyKind& kind() const { return *kind_; }
  bool is_private() const { return is_private_; }
  Pkey* handle() const { return key_.get(); }

  // The most bytes that libcrypto's signatures have.
  size_t signature_bytes() const { return signature_bytes_; }

 private:
  Key(PkeyHandle key, const KeyKind& kind, bool is_private, size_t signature_bytes);

  PkeyHandle key_;
  const KeyKind* kind_;
  bool is_private_;
  size_t signature_bytes_;
};

}  // namespace nearfar::crypto
