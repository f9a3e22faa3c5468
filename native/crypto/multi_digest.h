#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "crypto/libcrypto.h"

namespace nearfar::crypto {

// Several SHA-256 at a time on one core, by the code that libcrypto has for TLS records: the rounds
// of one message wait for each other, and those of another fill the gaps. SHA-256 of 13 bytes takes
// 31 ns instead of 60, of 64 bytes 50 ns instead of 104 (Zen, SHA-NI).
class MultiSha256 {
 public:
  static constexpr size_t kLanes = 8;

  // Null unless `md` is SHA-256 of the default provider and libcrypto exports that function: node
  // does, distributions' libraries do not. It is not part of libcrypto's interface: only versions
  // where it was tested are taken, and it must give the right digests here first.
  static const MultiSha256* find(std::string_view name, const Md* md);

  // Whether hashing these together is faster than one by one: up to kLanes messages, each `prefix`
  // and a piece, of lengths that do not differ too much.
  static bool suits(std::span<const std::byte> prefix,
                    std::span<const std::span<const std::byte>> pieces);

  // Writes 32 bytes for each message that suits. `out` may lie inside the pieces.
  void hash(std::span<const std::byte> prefix, std::span<const std::span<const std::byte>> pieces,
            std::byte* out) const;

 private:
  // SHA256_MB_CTX and HASH_DESC of crypto/evp/e_aes_cbc_hmac_sha256.c: unchanged since OpenSSL
  // 1.0.2. A lane without blocks is left as it is.
  struct alignas(32) States {
    uint32_t words[8][kLanes];
  };
  struct Run {
    const std::byte* data;
    int blocks;
  };
  using Compress = void(States* states, const Run* runs, int groups_of_four);

  bool agrees_with_standard(size_t first_length, size_t range) const;

  Compress* compress_ = nullptr;
};

}  // namespace nearfar::crypto
