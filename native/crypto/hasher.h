#pragma once

#include <optional>

#include "crypto/digest.h"

namespace nearfar::crypto {

// A digest of what comes in pieces or, with a key, its HMAC (RFC 2104, FIPS 198-1). Not
// thread-safe; different threads may use it one after the other.
class Hasher {
 public:
  static Result<Hasher> make(const DigestAlgorithmHandle& algorithm);

  // kInvalidArgument for an extendable output, of which HMAC is not defined. The key may have any
  // length; no copy of it is left.
  static Result<Hasher> make_keyed(const DigestAlgorithmHandle& algorithm,
                                   std::span<const std::byte> key);

  const DigestAlgorithm& algorithm() const { return running_.algorithm(); }

  // On false, `error()` tells why.
  [[nodiscard]] bool update(std::span<const std::byte> data) { return running_.update(data); }
  // Writes `size` bytes, which the algorithm must have. It can only be destroyed then.
  [[nodiscard]] bool finish(std::byte* out, size_t size);
  // Another that has seen the same.
  Result<Hasher> copy() const;
  Error error() const { return running_.error(); }

 private:
  explicit Hasher(Digest running) : running_(std::move(running)) {}

  Digest running_;
  std::optional<Digest> outer_;  // HMAC: has seen the key's outer block.
};

}  // namespace nearfar::crypto
