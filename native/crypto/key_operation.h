#pragma once

#include <optional>
#include <span>

#include "crypto/ecdsa_encoding.h"
#include "crypto/key.h"

namespace nearfar::crypto {

// Numbers shared with src/crypto/native-signatures.ts.
enum class RsaPadding : uint32_t { kNone = 0, kPkcs1 = 1, kPss = 2 };
enum class EcdsaEncoding : uint32_t { kDer = 0, kP1363 = 1 };

// RSA_PSS_SALTLEN_DIGEST and RSA_PSS_SALTLEN_AUTO of openssl/rsa.h. The latter is the longest there
// is room for when signing, and whatever there is when verifying.
inline constexpr int kSaltAsDigest = -1;
inline constexpr int kSaltAny = -2;

// The way in which a key signs. What a key's kind has no use for is ignored.
struct SignatureParameters {
  const char* digest = nullptr;  // Null for the Edwards curves, which hash by themselves.
  RsaPadding padding = RsaPadding::kNone;
  int salt_length = kSaltAsDigest;  // Bytes, or one of the above.
  EcdsaEncoding encoding = EcdsaEncoding::kDer;
  // The smaller of the two values of s; a signature with the other is then no signature.
  bool low_s = false;
};

// What a key of that kind does unless it is told otherwise.
SignatureParameters default_parameters(const KeyKind& kind);

// A key made ready to sign, if it is a private one, or else to verify. Any number of threads may
// use it at a time.
class KeyOperation {
 public:
  static Result<KeyOperation> prepare(const Key& key, const SignatureParameters& parameters);

  bool signs() const { return signs_; }
  size_t max_signature_bytes() const { return max_signature_bytes_; }

  // `out` has at least max_signature_bytes(). Returns how many were written.
  Result<size_t> sign(std::span<const std::byte> data, std::byte* out) const;

  // False for every signature that does not verify, malformed ones included.
  Result<bool> verify(std::span<const std::byte> data, std::span<const std::byte> signature) const;

 private:
  KeyOperation(const SignatureApi& api, MdContextHandle ready, const Key& key,
               const SignatureParameters& parameters);
  Result<MdContextHandle> start() const;
  Result<size_t> sign_plainly(std::span<const std::byte> data, std::byte* out,
                              size_t capacity) const;

  const SignatureApi* api_;
  // Initialised with the key, which it keeps alive, and never used itself: each signature works on
  // a copy, because initialising looks algorithms up by name each time. Measured with Node 20
  // (OpenSSL 3.0): P-256 signs in 25 us instead of 36, Ed25519 in 46 us instead of 53.
  MdContextHandle ready_;
  bool signs_;
  size_t max_signature_bytes_;
  // Of ECDSA, where signatures are not simply what libcrypto takes and gives.
  std::optional<EcdsaOrder> order_;
  EcdsaEncoding encoding_;
  bool low_s_;
};

}  // namespace nearfar::crypto
