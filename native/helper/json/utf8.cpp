#include "helper/json/utf8.h"

#include <cstdint>

namespace nearfar::helper::json {
namespace {

// The length of the sequence that starts with `bytes`, or 0 if it is none.
size_t sequence_length(std::string_view bytes) {
  const auto byte = [bytes](size_t index) { return static_cast<uint8_t>(bytes[index]); };
  const auto continues = [&](size_t index, uint8_t low = 0x80, uint8_t high = 0xbf) {
    return index < bytes.size() && byte(index) >= low && byte(index) <= high;
  };
  const uint8_t first = byte(0);
  if (first < 0x80) return 1;
  if (first >= 0xc2 && first <= 0xdf) return continues(1) ? 2 : 0;
  if (first >= 0xe0 && first <= 0xef) {
    // No overlong forms after e0, no surrogates after ed.
    const uint8_t low = first == 0xe0 ? 0xa0 : 0x80;
    const uint8_t high = first == 0xed ? 0x9f : 0xbf;
    return continues(1, low, high) && continues(2) ? 3 : 0;
  }
  if (first >= 0xf0 && first <= 0xf4) {
    // No overlong forms after f0, nothing past U+10FFFF after f4.
    const uint8_t low = first == 0xf0 ? 0x90 : 0x80;
    const uint8_t high = first == 0xf4 ? 0x8f : 0xbf;
    return continues(1, low, high) && continues(2) && continues(3) ? 4 : 0;
  }
  return 0;
}

}  // namespace

size_t valid_utf8_length(std::string_view bytes) {
  size_t at = 0;
  while (at < bytes.size()) {
    const size_t length = sequence_length(bytes.substr(at));
    if (length == 0) return at;
    at += length;
  }
  return at;
}

void append_utf8(std::string& out, char32_t code_point) {
  const auto append = [&out](char32_t byte) { out += static_cast<char>(byte); };
  if (code_point < 0x80) return append(code_point);
  if (code_point < 0x800) {
    append(0xc0 | (code_point >> 6));
  } else {
    if (code_point < 0x10000) {
      append(0xe0 | (code_point >> 12));
    } else {
      append(0xf0 | (code_point >> 18));
      append(0x80 | ((code_point >> 12) & 0x3f));
    }
    append(0x80 | ((code_point >> 6) & 0x3f));
  }
  append(0x80 | (code_point & 0x3f));
}

}  // namespace nearfar::helper::json
