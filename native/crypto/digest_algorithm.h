#pragma once

#include <memory>
#include <optional>

#include "crypto/direct_digest.h"
#include "crypto/libcrypto.h"
#include "crypto/multi_digest.h"

namespace nearfar::crypto {

// EVP_MAX_MD_SIZE: no digest of a fixed size is longer.
inline constexpr size_t kMaxDigestBytes = 64;

// The longest block of a digest that HMAC can be made of: 144 bytes, of SHA3-224 (FIPS 202, table
// 3).
inline constexpr size_t kMaxBlockBytes = 144;

// Ends a libcrypto object with the function that libcrypto has for it.
template <typename T>
struct Freer {
  void (*free)(T*) = nullptr;
  void operator()(T* object) const { free(object); }
};

using MdHandle = std::unique_ptr<Md, Freer<Md>>;
using MdContextHandle = std::unique_ptr<MdContext, Freer<MdContext>>;

// Finds an algorithm by name among libcrypto's providers.
Result<MdHandle> fetch_md(const DigestApi& api, const char* name);
Result<MdContextHandle> make_context(const DigestApi& api);

class DigestAlgorithm;
using DigestAlgorithmHandle = std::shared_ptr<const DigestAlgorithm>;

// A hash algorithm, fetched once: looking one up by name takes longer than hashing a few bytes.
// Immutable, so that all threads may share it.
class DigestAlgorithm {
 public:
  // By OpenSSL's names (EVP_MD-*(7)). kUnknownAlgorithm if no provider has it.
  static Result<DigestAlgorithmHandle> fetch(const char* name);

  // Bytes of the digest; for an extendable output, which has no size of its own, 0.
  size_t size() const { return size_; }
  size_t block_size() const { return block_size_; }
  bool extendable() const { return extendable_; }

  // Whether a digest can have that many bytes.
  bool has_size(size_t size) const { return extendable_ ? size > 0 : size == size_; }

  const DigestApi& api() const { return *api_; }
  const Md* md() const { return md_.get(); }
  const std::optional<DirectDigest>& direct() const { return direct_; }

  // Null where several at a time are not faster.
  const MultiSha256* multi() const { return multi_; }

  DigestAlgorithm(const DigestApi& api, MdHandle md, const char* name);

 private:
  const DigestApi* api_;
  MdHandle md_;
  std::optional<DirectDigest> direct_;
  const MultiSha256* multi_;
  bool extendable_;
  size_t size_;
  size_t block_size_;
};

}  // namespace nearfar::crypto
