#include "capi/algorithm.h"

#include <atomic>
#include <iterator>
#include <new>
#include <string_view>

namespace nearfar::capi {
namespace {

struct Name {
  std::string_view spelling;  // Lower case, without "-", "_", "/" and spaces.
  const char* canonical;      // As nearfar/crypto and EVP_MD_fetch know it (EVP_MD-*(7)).
  size_t usual_size = 0;      // Bytes; for extendable outputs only.
};

// Every hash algorithm that some provider of OpenSSL 3 has, as in src/crypto/algorithms.ts; which
// of them exist is asked at run time.
constexpr Name kNames[] = {
    {"sha1", "sha1"},
    {"sha224", "sha224"},
    {"sha256", "sha256"},
    {"sha384", "sha384"},
    {"sha512", "sha512"},
    {"sha2224", "sha224"},
    {"sha2256", "sha256"},
    {"sha2384", "sha384"},
    {"sha2512", "sha512"},
    {"sha512224", "sha512-224"},
    {"sha512256", "sha512-256"},
    {"sha2512224", "sha512-224"},
    {"sha2512256", "sha512-256"},
    {"sha3224", "sha3-224"},
    {"sha3256", "sha3-256"},
    {"sha3384", "sha3-384"},
    {"sha3512", "sha3-512"},
    {"shake128", "shake128", 16},
    {"shake256", "shake256", 32},
    {"blake2b", "blake2b512"},
    {"blake2b512", "blake2b512"},
    {"blake2s", "blake2s256"},
    {"blake2s256", "blake2s256"},
    {"ripemd", "ripemd160"},
    {"ripemd160", "ripemd160"},
    {"rmd160", "ripemd160"},
    {"sm3", "sm3"},
    {"whirlpool", "whirlpool"},
    {"md5sha1", "md5-sha1"},
    {"md5", "md5"},
    {"md4", "md4"},
    {"mdc2", "mdc2"},
};

// No name is longer, however it is written: a bound on the work that an unknown one can cause.
constexpr size_t kMaxNameLength = 32;

// What was found for each of kNames. Never freed: libcrypto may end before this library does.
constinit std::atomic<const Algorithm*> found[std::size(kNames)] = {};

struct Squashed {
  char text[kMaxNameLength];
  size_t length = 0;
};

// False for a name that is too long.
bool squash(const char* spelling, Squashed& squashed) {
  for (size_t index = 0; spelling[index] != '\0'; ++index) {
    if (index == kMaxNameLength) return false;
    const char next = spelling[index];
    if (next == '-' || next == '_' || next == '/' || next == ' ') continue;
    const bool is_upper = next >= 'A' && next <= 'Z';
    squashed.text[squashed.length++] = static_cast<char>(is_upper ? next - 'A' + 'a' : next);
  }
  return true;
}

size_t index_of(const char* spelling) {
  Squashed squashed;
  if (!squash(spelling, squashed)) return std::size(kNames);
  const std::string_view text(squashed.text, squashed.length);
  size_t index = 0;
  while (index < std::size(kNames) && kNames[index].spelling != text) ++index;
  return index;
}

Result<const Algorithm*> fetch(const Name& name) {
  const Result<crypto::DigestAlgorithmHandle> digest =
      crypto::DigestAlgorithm::fetch(name.canonical);
  if (!digest) return digest.error();
  const bool is_extendable = digest.value()->extendable();
  const size_t size = is_extendable ? name.usual_size : digest.value()->size();
  const auto* algorithm = new (std::nothrow) Algorithm{digest.value(), name.canonical, size};
  if (algorithm == nullptr) return Error{ErrorCode::kOutOfMemory, "no memory for an algorithm"};
  return algorithm;
}

}  // namespace

Result<const Algorithm*> find_algorithm(const char* spelling) {
  if (!crypto::digest_api()) return crypto::digest_api().error();
  const size_t index = index_of(spelling);
  if (index == std::size(kNames)) {
    return Error{ErrorCode::kUnknownAlgorithm, "no hash algorithm has that name"};
  }
  if (const Algorithm* known = found[index].load(std::memory_order_acquire)) return known;
  const Result<const Algorithm*> fetched = fetch(kNames[index]);
  if (!fetched) return fetched.error();
  const Algorithm* first = nullptr;
  if (found[index].compare_exchange_strong(first, fetched.value(), std::memory_order_acq_rel)) {
    return fetched.value();
  }
  delete fetched.value();  // Another thread was first.
  return first;
}

}  // namespace nearfar::capi
