#pragma once

#include <optional>
#include <string>
#include <string_view>

// Floating-point numbers as text, whatever the locale.
namespace nearfar::helper::json {

// Appends the shortest digits that read back as the same value. It must be finite.
void append_floating(std::string& out, float number);
void append_floating(std::string& out, double number);
void append_floating(std::string& out, long double number);

// Reads all of the text, correctly rounded. Empty if it is no number or beyond the type.
template <typename T>
std::optional<T> parse_floating(std::string_view text);

}  // namespace nearfar::helper::json
