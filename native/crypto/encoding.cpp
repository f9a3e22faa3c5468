#include "crypto/encoding.h"

namespace nearfar::crypto {
namespace {

constexpr char kBase64Digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr char kBase64UrlDigits[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

// In bytes throughout, without branches or tables: the compiler makes vectors of 16 of them, which
// takes half as long as with the int that the arithmetic would otherwise be done in.
constexpr uint8_t hex_digit(uint8_t nibble) {
  return static_cast<uint8_t>(nibble + (nibble > 9 ? 'a' - 10 : '0'));
}

size_t encode_hex(std::span<const std::byte> bytes, char* out) {
  for (size_t index = 0; index < bytes.size(); ++index) {
    const uint8_t byte = static_cast<uint8_t>(bytes[index]);
    out[2 * index] = static_cast<char>(hex_digit(static_cast<uint8_t>(byte >> 4)));
    out[2 * index + 1] = static_cast<char>(hex_digit(static_cast<uint8_t>(byte & 15)));
  }
  return bytes.size() * 2;
}

// RFC 4648, sections 4 and 5: three bytes become four digits.
size_t encode_base64(std::span<const std::byte> bytes, const char* digits, bool padded, char* out) {
  const auto at = [&](size_t index) {
    return index < bytes.size() ? static_cast<uint32_t>(bytes[index]) : 0;
  };
  char* next = out;
  for (size_t index = 0; index < bytes.size(); index += 3) {
    const uint32_t group = at(index) << 16 | at(index + 1) << 8 | at(index + 2);
    next[0] = digits[group >> 18];
    next[1] = digits[group >> 12 & 63];
    next[2] = digits[group >> 6 & 63];
    next[3] = digits[group & 63];
    next += 4;
  }
  const size_t missing = (3 - bytes.size() % 3) % 3;
  for (size_t index = 1; index <= missing; ++index) *(next - index) = '=';
  return static_cast<size_t>(next - out) - (padded ? 0 : missing);
}

}  // namespace

size_t encode(Encoding encoding, std::span<const std::byte> bytes, char* out) {
  switch (encoding) {
    case Encoding::kHex:
      return encode_hex(bytes, out);
    case Encoding::kBase64:
      return encode_base64(bytes, kBase64Digits, true, out);
    case Encoding::kBase64Url:
      return encode_base64(bytes, kBase64UrlDigits, false, out);
  }
  return 0;
}

}  // namespace nearfar::crypto
