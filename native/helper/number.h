#pragma once

#include <cstdint>
#include <optional>

#include "helper/json/value.h"

// Numbers of a request: written as a JSON number, or, which keeps every reader of JSON exact, as
// a string of the same digits. Empty for anything else, for a fraction where an integer is wanted,
// and for what the type does not hold.
namespace nearfar::helper {

std::optional<int64_t> to_signed(const json::Value& value);
std::optional<uint64_t> to_unsigned(const json::Value& value);

// Also the strings "NaN", "Infinity" and "-Infinity". A number beyond the type is refused, not
// made infinite.
std::optional<float> to_float(const json::Value& value);
std::optional<double> to_double(const json::Value& value);
std::optional<long double> to_long_double(const json::Value& value);

}  // namespace nearfar::helper
