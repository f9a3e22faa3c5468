#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// Base64 of RFC 4648, section 4.
namespace nearfar::helper {

std::string to_base64(std::span<const std::byte> bytes);

// Strict: padded, nothing besides the alphabet, unused bits zero. Empty if it is not Base64.
std::optional<std::vector<std::byte>> from_base64(std::string_view text);

}  // namespace nearfar::helper
