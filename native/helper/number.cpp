#include "helper/number.h"

#include <limits>
#include <string_view>

#include "helper/json/digits.h"
#include "helper/json/floating.h"

namespace nearfar::helper {
namespace {

bool has_digits(const json::Value& value) {
  return value.is(json::Kind::kNumber) || value.is(json::Kind::kString);
}

template <typename T>
std::optional<T> to_floating(const json::Value& value) {
  using Limits = std::numeric_limits<T>;
  if (!has_digits(value)) return {};
  const std::string_view text = value.text;
  if (value.is(json::Kind::kString)) {
    if (text == "NaN") return Limits::quiet_NaN();
    if (text == "Infinity") return Limits::infinity();
    if (text == "-Infinity") return -Limits::infinity();
    // Other words for these, and hexadecimal digits, are not part of the protocol.
    if (text.find_first_not_of("0123456789+-.eE") != std::string_view::npos) return {};
  }
  return json::parse_floating<T>(text);
}

}  // namespace

std::optional<int64_t> to_signed(const json::Value& value) {
  return has_digits(value) ? json::from_digits<int64_t>(value.text) : std::nullopt;
}

std::optional<uint64_t> to_unsigned(const json::Value& value) {
  return has_digits(value) ? json::from_digits<uint64_t>(value.text) : std::nullopt;
}

std::optional<float> to_float(const json::Value& value) { return to_floating<float>(value); }
std::optional<double> to_double(const json::Value& value) { return to_floating<double>(value); }
std::optional<long double> to_long_double(const json::Value& value) {
  return to_floating<long double>(value);
}

}  // namespace nearfar::helper
