#pragma once

#include <memory>
#include <span>

#include "crypto/digest.h"
#include "crypto/libcrypto.h"

namespace nearfar::crypto {

// The longest signature: DER of two 256-bit integers (SEC 1, C.8). Ed25519 has 64 bytes.
inline constexpr size_t kMaxSignatureBytes = 72;

using PkeyHandle = std::unique_ptr<Pkey, Freer<Pkey>>;

// A private or public key, parsed once: Ed25519 (RFC 8032), or ECDSA with SHA-256 on P-256 or
// secp256k1 with signatures in DER. Freeing it clears private parts (EVP_PKEY_free does).
class Key {
 public:
  static Result<Key> read_private(std::span<const std::byte> pkcs8);
  static Result<Key> read_public(std::span<const std::byte> spki);

  bool is_private() const { return is_private_; }

  // `out` has at least kMaxSignatureBytes. Returns how many were written.
  Result<size_t> sign(std::span<const std::byte> data, std::byte* out) const;

  // False for every signature that does not verify, malformed ones included.
  Result<bool> verify(std::span<const std::byte> data, std::span<const std::byte> signature) const;

 private:
  Key(const SignatureApi& api, MdContextHandle ready, bool is_private);
  static Result<Key> make(const SignatureApi& api, PkeyHandle key, bool is_private);
  Result<MdContextHandle> start() const;

  const SignatureApi* api_;
  // Initialised with the key, which it keeps alive, and never used itself: each operation works on
  // a copy, because initialising looks algorithms up by name each time. Measured with Node 20
  // (OpenSSL 3.0): P-256 signs in 25 us instead of 36, Ed25519 in 46 us instead of 53.
  MdContextHandle ready_;
  bool is_private_;
};

}  // namespace nearfar::crypto
