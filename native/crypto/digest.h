#pragma once

#include <memory>
#include <optional>
#include <span>

#include "crypto/direct_digest.h"
#include "crypto/libcrypto.h"

namespace nearfar::crypto {

// EVP_MAX_MD_SIZE, and the most an extendable output gives by default.
inline constexpr size_t kMaxDigestBytes = 64;

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

// One hash algorithm, fetched once, with a context of its own that every call reuses.
//
// Measured with SHA-256 of 13 bytes, Node 20 (OpenSSL 3.0): 105 ns through EVP with a context of
// its own, 141 ns with EVP_Digest, which makes a context each time. Two algorithms that alternate
// cost the same in one shared context. 60 ns are the hash itself, which DirectDigest comes down to.
//
// Not thread-safe: each JavaScript environment has its own.
class Digest {
 public:
  // `size` is the digest's length in bytes, at most kMaxDigestBytes. For an extendable output it
  // is how much to take; for the others it must be what libcrypto says.
  static Result<Digest> fetch(const char* name, size_t size);

  size_t size() const { return size_; }

  // Writes size() bytes to `out`, which may lie inside `data`. On false, `error()` tells why.
  [[nodiscard]] bool hash(std::span<const std::byte> data, std::byte* out);
  Error error() const;

 private:
  Digest(const DigestApi& api, MdHandle md, MdContextHandle context,
         std::optional<DirectDigest> direct, size_t size, bool extendable);

  const DigestApi* api_;
  MdHandle md_;
  MdContextHandle context_;
  std::optional<DirectDigest> direct_;
  size_t size_;
  bool extendable_;
};

}  // namespace nearfar::crypto
