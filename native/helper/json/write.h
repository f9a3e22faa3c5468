#pragma once

#include <cstdint>
#include <string>
#include <string_view>

// Every function appends one JSON value to `out`.
namespace nearfar::helper::json {

// The largest integer whose neighbours a double tells apart (ECMA-262, MAX_SAFE_INTEGER).
inline constexpr int64_t kMaxSafeInteger = (int64_t{1} << 53) - 1;

// Quoted and escaped; bytes that are no UTF-8 become U+FFFD, one for each.
void write_string(std::string& out, std::string_view text);

// A number up to kMaxSafeInteger, beyond it a string of digits: most readers of JSON take numbers
// for doubles.
void write_integer(std::string& out, int64_t number);
void write_unsigned(std::string& out, uint64_t number);

// The shortest digits that read back as the same value; "NaN", "Infinity" and "-Infinity" as
// strings, which JSON has no numbers for.
void write_float(std::string& out, float number);
void write_double(std::string& out, double number);
void write_long_double(std::string& out, long double number);

// Writes `"name":` with a comma before it, unless it is the first of its object.
void write_name(std::string& out, std::string_view name);

}  // namespace nearfar::helper::json
