#pragma once

#include <charconv>
#include <optional>
#include <string>
#include <string_view>

namespace nearfar::helper::json {

// Enough for any integer, and for the shortest digits of any floating type.
constexpr size_t kNumberBytes = 64;

template <typename T>
void append_digits(std::string& out, T number) {
  char digits[kNumberBytes];
  const std::to_chars_result end = std::to_chars(digits, digits + sizeof digits, number);
  out.append(digits, end.ptr);
}

// All of the text, or nothing.
template <typename T>
std::optional<T> from_digits(std::string_view text) {
  T number{};
  const std::from_chars_result end =
      std::from_chars(text.data(), text.data() + text.size(), number);
  if (end.ec != std::errc{} || end.ptr != text.data() + text.size()) return {};
  return number;
}

}  // namespace nearfar::helper::json
