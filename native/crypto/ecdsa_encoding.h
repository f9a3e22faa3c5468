#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string_view>

// The two encodings of an ECDSA signature: DER (RFC 3279, 2.2.3) and IEEE P1363 (r and s one after
// the other, big-endian, each as long as the group's order). Signatures are no secrets: nothing
// here needs to take the same time for all of them.
namespace nearfar::crypto {

// Of the order of P-521, the longest.
inline constexpr size_t kMaxOrderBytes = 66;
inline constexpr size_t kMaxP1363Bytes = 2 * kMaxOrderBytes;
// Two integers with a leading zero and a header of two bytes, in a sequence with a header of three.
inline constexpr size_t kMaxEcdsaDerBytes = 2 * (kMaxOrderBytes + 3) + 3;

// The order of a curve's group.
class EcdsaOrder {
 public:
  // `hex` has at most 2 * kMaxOrderBytes digits, in lower case.
  explicit EcdsaOrder(std::string_view hex);

  size_t size() const { return size_; }  // Bytes.

  // Of both encodings of a signature, s or order - s, the low one is from 1 to half the order
  // (BIP 62, BIP 146). `s` has size() bytes.
  bool is_low(std::span<const std::byte> s) const;
  // Makes s the low one. One that is not below the order stays.
  void make_low(std::span<std::byte> s) const;

 private:
  bool subtract(std::span<const std::byte> s, std::byte* difference) const;

  std::array<std::byte, kMaxOrderBytes> bytes_{};
  size_t size_;
};

// Strictly (X.690, chapter 10): the shortest lengths, integers that are positive and not longer
// than they need be, nothing behind. `p1363` has room for 2 * `size` bytes. False, with no promise
// about what was written, for anything else, and for integers longer than `size` bytes.
[[nodiscard]] bool der_to_p1363(std::span<const std::byte> der, size_t size, std::byte* p1363);

// `p1363` has at most kMaxP1363Bytes, an even number of them; `der` has room for kMaxEcdsaDerBytes.
// Returns how many bytes were written.
size_t p1363_to_der(std::span<const std::byte> p1363, std::byte* der);

}  // namespace nearfar::crypto
