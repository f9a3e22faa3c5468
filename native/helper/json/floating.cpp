#include "helper/json/floating.h"

#include <version>

#include "helper/json/digits.h"

// libc++ lacks the functions of C++17 for floating types, as far as macOS before 15 has it.
#if !defined(__cpp_lib_to_chars)
#include <locale.h>
#if defined(__APPLE__)
#include <xlocale.h>
#endif

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <limits>
#endif

namespace nearfar::helper::json {
namespace {

#if defined(__cpp_lib_to_chars)
template <typename T>
void append(std::string& out, T number) {
  append_digits(out, number);
}

template <typename T>
std::optional<T> parse(std::string_view text) {
  return from_digits<T>(text);
}
#else
// C's own functions write the decimal point of the locale, which a library may have set.
class PlainLocale {
 public:
  PlainLocale() : before_(uselocale(plain())) {}
  ~PlainLocale() { uselocale(before_); }
  PlainLocale(const PlainLocale&) = delete;
  PlainLocale& operator=(const PlainLocale&) = delete;

 private:
  static locale_t plain() {
    static const locale_t locale = newlocale(LC_ALL_MASK, "C", nullptr);
    return locale;
  }
  locale_t before_;
};

void read(const char* text, char** end, float& number) { number = std::strtof(text, end); }
void read(const char* text, char** end, double& number) { number = std::strtod(text, end); }
void read(const char* text, char** end, long double& number) { number = std::strtold(text, end); }

template <typename T>
std::optional<T> parse(std::string_view text) {
  const PlainLocale plain;
  const std::string copy(text);
  char* end = nullptr;
  T number{};
  read(copy.c_str(), &end, number);
  const bool is_whole = !copy.empty() && end == copy.c_str() + copy.size();
  if (!is_whole || std::isinf(number)) return {};
  return number;
}

template <typename T>
void append(std::string& out, T number) {
  const PlainLocale plain;
  char digits[kNumberBytes];
  for (int precision = 1; precision <= std::numeric_limits<T>::max_digits10; ++precision) {
    std::snprintf(digits, sizeof digits, "%.*Lg", precision, static_cast<long double>(number));
    if (parse<T>(digits) == number) break;
  }
  out += digits;
}
#endif

}  // namespace

void append_floating(std::string& out, float number) { append(out, number); }
void append_floating(std::string& out, double number) { append(out, number); }
void append_floating(std::string& out, long double number) { append(out, number); }

template <>
std::optional<float> parse_floating(std::string_view text) {
  return parse<float>(text);
}
template <>
std::optional<double> parse_floating(std::string_view text) {
  return parse<double>(text);
}
template <>
std::optional<long double> parse_floating(std::string_view text) {
  return parse<long double>(text);
}

}  // namespace nearfar::helper::json
