#include "helper/json/write.h"

#include <cmath>

#include "helper/json/digits.h"
#include "helper/json/floating.h"
#include "helper/json/utf8.h"

namespace nearfar::helper::json {
namespace {

template <typename T>
void write_floating(std::string& out, T number) {
  if (std::isnan(number)) {
    out += "\"NaN\"";
  } else if (std::isinf(number)) {
    out += number < 0 ? "\"-Infinity\"" : "\"Infinity\"";
  } else {
    append_floating(out, number);
  }
}

void append_escape(std::string& out, char c) {
  constexpr char kHex[] = "0123456789abcdef";
  switch (c) {
    case '"':
      out += "\\\"";
      return;
    case '\\':
      out += "\\\\";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    default:
      out += "\\u00";
      out += kHex[(c >> 4) & 0xf];
      out += kHex[c & 0xf];
  }
}

void append_escaped(std::string& out, std::string_view valid) {
  size_t from = 0;
  for (size_t at = 0; at < valid.size(); ++at) {
    const char c = valid[at];
    if (c != '"' && c != '\\' && static_cast<unsigned char>(c) >= 0x20) continue;
    out.append(valid, from, at - from);
    append_escape(out, c);
    from = at + 1;
  }
  out.append(valid, from);
}

}  // namespace

void write_string(std::string& out, std::string_view text) {
  out += '"';
  for (;;) {
    const size_t valid = valid_utf8_length(text);
    append_escaped(out, text.substr(0, valid));
    if (valid == text.size()) break;
    out += "\xef\xbf\xbd";
    text.remove_prefix(valid + 1);
  }
  out += '"';
}

void write_integer(std::string& out, int64_t number) {
  const bool is_safe = number >= -kMaxSafeInteger && number <= kMaxSafeInteger;
  if (!is_safe) out += '"';
  append_digits(out, number);
  if (!is_safe) out += '"';
}

void write_unsigned(std::string& out, uint64_t number) {
  const bool is_safe = number <= static_cast<uint64_t>(kMaxSafeInteger);
  if (!is_safe) out += '"';
  append_digits(out, number);
  if (!is_safe) out += '"';
}

void write_float(std::string& out, float number) { write_floating(out, number); }
void write_double(std::string& out, double number) { write_floating(out, number); }
void write_long_double(std::string& out, long double number) { write_floating(out, number); }

void write_name(std::string& out, std::string_view name) {
  if (!out.empty() && out.back() != '{') out += ',';
  write_string(out, name);
  out += ':';
}

}  // namespace nearfar::helper::json
