#pragma once

#include <cstddef>

namespace nearfar::crypto {

// The tags of ITU-T X.690, 8 that keys and signatures have.
inline constexpr std::byte kDerInteger{0x02};
inline constexpr std::byte kDerBitString{0x03};
inline constexpr std::byte kDerOctetString{0x04};
inline constexpr std::byte kDerSequence{0x30};

// Lengths from kDerLongForm on take a byte more, before which kDerOneLengthByte stands (8.1.3.5).
inline constexpr size_t kDerLongForm = 0x80;
inline constexpr std::byte kDerOneLengthByte{0x81};

}  // namespace nearfar::crypto
