#include "crypto/ecdsa_encoding.h"

#include <algorithm>
#include <cstring>
#include <optional>

#include "crypto/der.h"

namespace nearfar::crypto {
namespace {

using Bytes = std::span<const std::byte>;

constexpr std::byte kSignBit{0x80};

constexpr unsigned digit_value(char digit) {
  return static_cast<unsigned>(digit <= '9' ? digit - '0' : digit - 'a' + 10);
}

// The contents of the element of that tag that `rest` begins with, which it then no longer does.
std::optional<Bytes> take_element(Bytes& rest, std::byte tag) {
  if (rest.size() < 2 || rest[0] != tag) return {};
  size_t header = 2;
  size_t length = static_cast<size_t>(rest[1]);
  if (rest[1] == kDerOneLengthByte) {
    if (rest.size() < 3) return {};
    header = 3;
    length = static_cast<size_t>(rest[2]);
    if (length < kDerLongForm) return {};
  } else if (length >= kDerLongForm) {
    return {};  // Signatures of these curves have at most 255 bytes.
  }
  if (rest.size() - header < length) return {};
  const Bytes contents = rest.subspan(header, length);
  rest = rest.subspan(header + length);
  return contents;
}

// Writes the positive integer that `rest` begins with to `size` bytes.
bool take_integer(Bytes& rest, size_t size, std::byte* out) {
  std::optional<Bytes> digits = take_element(rest, kDerInteger);
  if (!digits || digits->empty() || (digits->front() & kSignBit) != std::byte{}) return false;
  if (digits->size() > 1 && digits->front() == std::byte{}) {
    *digits = digits->subspan(1);
    if ((digits->front() & kSignBit) == std::byte{}) return false;
  }
  if (digits->size() > size) return false;
  std::fill_n(out, size - digits->size(), std::byte{});
  std::memcpy(out + size - digits->size(), digits->data(), digits->size());
  return true;
}

std::byte* put_length(std::byte* out, size_t length) {
  if (length >= kDerLongForm) *out++ = kDerOneLengthByte;
  *out++ = static_cast<std::byte>(length);
  return out;
}

// The digits without leading zeros, of which the last stays.
Bytes significant(Bytes number) {
  while (number.size() > 1 && number.front() == std::byte{}) number = number.subspan(1);
  return number;
}

size_t integer_length(Bytes digits) {
  return digits.size() + ((digits.front() & kSignBit) != std::byte{} ? 1 : 0);
}

std::byte* put_integer(std::byte* out, Bytes digits) {
  const size_t length = integer_length(digits);
  *out++ = kDerInteger;
  out = put_length(out, length);
  if (length > digits.size()) *out++ = std::byte{};
  return std::copy(digits.begin(), digits.end(), out);
}

}  // namespace

EcdsaOrder::EcdsaOrder(std::string_view hex) : size_(hex.size() / 2) {
  for (size_t index = 0; index < size_; ++index) {
    bytes_[index] =
        static_cast<std::byte>(digit_value(hex[2 * index]) << 4 | digit_value(hex[2 * index + 1]));
  }
}

// Order - s; false if that is negative.
bool EcdsaOrder::subtract(std::span<const std::byte> s, std::byte* difference) const {
  int borrow = 0;
  for (size_t index = size_; index-- > 0;) {
    const int digit = static_cast<int>(bytes_[index]) - static_cast<int>(s[index]) - borrow;
    borrow = digit < 0 ? 1 : 0;
    difference[index] = static_cast<std::byte>(digit + (borrow << 8));
  }
  return borrow == 0;
}

bool EcdsaOrder::is_low(std::span<const std::byte> s) const {
  std::byte other[kMaxOrderBytes];
  return subtract(s, other) && std::memcmp(s.data(), other, size_) <= 0;
}

void EcdsaOrder::make_low(std::span<std::byte> s) const {
  std::byte other[kMaxOrderBytes];
  if (!subtract(s, other) || std::memcmp(s.data(), other, size_) <= 0) return;
  std::memcpy(s.data(), other, size_);
}

bool der_to_p1363(std::span<const std::byte> der, size_t size, std::byte* p1363) {
  Bytes rest = der;
  std::optional<Bytes> integers = take_element(rest, kDerSequence);
  return integers && rest.empty() && take_integer(*integers, size, p1363) &&
         take_integer(*integers, size, p1363 + size) && integers->empty();
}

size_t p1363_to_der(std::span<const std::byte> p1363, std::byte* der) {
  const Bytes r = significant(p1363.first(p1363.size() / 2));
  const Bytes s = significant(p1363.subspan(p1363.size() / 2));
  std::byte* out = der;
  *out++ = kDerSequence;
  // An integer's own header is two bytes: it has at most 67.
  out = put_length(out, integer_length(r) + integer_length(s) + 4);
  out = put_integer(put_integer(out, r), s);
  return static_cast<size_t>(out - der);
}

}  // namespace nearfar::crypto
