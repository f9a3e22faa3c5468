#include "helper/handles.h"

#include <random>

namespace nearfar::helper {

const std::string& handle_suffix() {
  static const std::string suffix = [] {
    constexpr char kHex[] = "0123456789abcdef";
    std::random_device random;
    const uint32_t bits = random();
    std::string text = "-";
    for (int shift = 0; shift < 24; shift += 4) text += kHex[(bits >> shift) & 0xf];
    return text;
  }();
  return suffix;
}

}  // namespace nearfar::helper
