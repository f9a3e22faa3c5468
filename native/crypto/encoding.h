#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace nearfar::crypto {

// Numbers shared with src/crypto/backend.ts. Base64 is padded, base64url is not, as in Node.
enum class Encoding : uint32_t { kHex = 0, kBase64 = 1, kBase64Url = 2 };
inline constexpr uint32_t kEncodingCount = 3;

// How many characters `size` bytes may take, whichever the encoding.
constexpr size_t max_encoded_length(size_t size) { return size * 2 + 4; }

// How many characters `size` bytes take (RFC 4648).
constexpr size_t encoded_length(Encoding encoding, size_t size) {
  switch (encoding) {
    case Encoding::kHex:
      return size * 2;
    case Encoding::kBase64:
      return (size + 2) / 3 * 4;
    case Encoding::kBase64Url:
      return (size * 4 + 2) / 3;
  }
  return 0;
}

// Writes the characters, without a terminator, and returns how many there are.
size_t encode(Encoding encoding, std::span<const std::byte> bytes, char* out);

}  // namespace nearfar::crypto
