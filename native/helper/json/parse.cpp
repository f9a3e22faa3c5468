#include "helper/json/parse.h"

#include <cstdint>
#include <unordered_set>

#include "helper/json/utf8.h"

namespace nearfar::helper::json {
namespace {

// Up to here names are compared one by one; beyond, a set keeps hostile objects from taking
// quadratic time.
constexpr size_t kFewMembers = 16;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

int hex_digit(char c) {
  if (is_digit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  ParseError parse(Value& out) {
    skip_space();
    if (!parse_value(out, 0)) return {problem_, at_};
    skip_space();
    if (at_ != text_.size()) fail("text after the end");
    return {problem_, at_};
  }

 private:
  bool fail(const char* problem) {
    if (problem_ == nullptr) problem_ = problem;
    return false;
  }

  // NUL at the end of the text, which no token has.
  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }

  void skip_space() {
    while (peek() == ' ' || peek() == '\t' || peek() == '\n' || peek() == '\r') ++at_;
  }

  bool parse_value(Value& out, size_t depth) {
    if (depth == kMaxDepth) return fail("too many levels");
    const size_t start = at_;
    if (!parse_token(out, depth)) return false;
    out.source = text_.substr(start, at_ - start);
    return true;
  }

  bool parse_token(Value& out, size_t depth) {
    switch (peek()) {
      case '{':
        return parse_object(out, depth);
      case '[':
        return parse_array(out, depth);
      case '"':
        out.kind = Kind::kString;
        return parse_string(out.text);
      case 't':
        out.kind = Kind::kBoolean;
        out.boolean = true;
        return parse_word("true");
      case 'f':
        out.kind = Kind::kBoolean;
        return parse_word("false");
      case 'n':
        return parse_word("null");
      default:
        return parse_number(out);
    }
  }

  bool parse_word(std::string_view word) {
    if (text_.substr(at_, word.size()) != word) return fail("a value was expected");
    at_ += word.size();
    return true;
  }

  bool skip_digits() {
    if (!is_digit(peek())) return false;
    while (is_digit(peek())) ++at_;
    return true;
  }

  bool parse_number(Value& out) {
    const size_t start = at_;
    if (peek() == '-') ++at_;
    if (peek() == '0') {
      ++at_;
    } else if (!skip_digits()) {
      return fail(at_ == start ? "a value was expected" : "a digit was expected");
    }
    if (peek() == '.') {
      ++at_;
      if (!skip_digits()) return fail("a digit was expected");
    }
    if (peek() == 'e' || peek() == 'E') {
      ++at_;
      if (peek() == '+' || peek() == '-') ++at_;
      if (!skip_digits()) return fail("a digit was expected");
    }
    out.kind = Kind::kNumber;
    out.text = text_.substr(start, at_ - start);
    return true;
  }

  bool parse_array(Value& out, size_t depth) {
    out.kind = Kind::kArray;
    ++at_;
    skip_space();
    if (peek() == ']') return ++at_, true;
    for (;;) {
      if (!parse_value(out.elements.emplace_back(), depth + 1)) return false;
      skip_space();
      if (peek() == ']') return ++at_, true;
      if (peek() != ',') return fail("\",\" or \"]\" was expected");
      ++at_;
      skip_space();
    }
  }

  bool parse_object(Value& out, size_t depth) {
    out.kind = Kind::kObject;
    ++at_;
    skip_space();
    if (peek() == '}') return ++at_, true;
    std::unordered_set<std::string> names;
    for (;;) {
      std::string name;
      if (peek() != '"') return fail("a name was expected");
      if (!parse_string(name)) return false;
      if (!is_new_name(out, name, names)) return fail("a name occurs twice");
      skip_space();
      if (peek() != ':') return fail("\":\" was expected");
      ++at_;
      skip_space();
      Member& member = out.members.emplace_back(Member{std::move(name), {}});
      if (!parse_value(member.value, depth + 1)) return false;
      skip_space();
      if (peek() == '}') return ++at_, true;
      if (peek() != ',') return fail("\",\" or \"}\" was expected");
      ++at_;
      skip_space();
    }
  }

  static bool is_new_name(const Value& object, const std::string& name,
                          std::unordered_set<std::string>& names) {
    if (object.members.size() < kFewMembers) return object.find(name) == nullptr;
    if (names.empty()) {
      for (const Member& member : object.members) names.insert(member.name);
    }
    return names.insert(name).second;
  }

  bool parse_string(std::string& out) {
    ++at_;
    for (;;) {
      const size_t start = at_;
      while (at_ < text_.size() && text_[at_] != '"' && text_[at_] != '\\' &&
             static_cast<unsigned char>(text_[at_]) >= 0x20) {
        ++at_;
      }
      const std::string_view plain = text_.substr(start, at_ - start);
      const size_t valid = valid_utf8_length(plain);
      if (valid != plain.size()) {
        at_ = start + valid;
        return fail("this is not UTF-8");
      }
      out.append(plain);
      if (at_ == text_.size()) return fail("a string has no end");
      if (peek() == '"') return ++at_, true;
      if (peek() != '\\') return fail("a control character in a string");
      ++at_;
      if (!parse_escape(out)) return false;
    }
  }

  bool parse_escape(std::string& out) {
    constexpr std::string_view kLetters = "\"\\/bfnrt";
    constexpr std::string_view kMeanings = "\"\\/\b\f\n\r\t";
    if (peek() == 'u') return parse_unicode_escape(out);
    const size_t index = at_ < text_.size() ? kLetters.find(peek()) : std::string_view::npos;
    if (index == std::string_view::npos) return fail("an unknown escape");
    out += kMeanings[index];
    ++at_;
    return true;
  }

  // Four digits after "u"; negative after a failure.
  int32_t parse_code_unit() {
    ++at_;
    int32_t unit = 0;
    for (int count = 0; count < 4; ++count, ++at_) {
      const int digit = hex_digit(peek());
      if (digit < 0) {
        fail("four hexadecimal digits were expected");
        return -1;
      }
      unit = unit * 16 + digit;
    }
    return unit;
  }

  bool parse_unicode_escape(std::string& out) {
    const int32_t unit = parse_code_unit();
    if (unit < 0) return false;
    if (unit < 0xd800 || unit > 0xdfff) {
      append_utf8(out, static_cast<char32_t>(unit));
      return true;
    }
    if (unit > 0xdbff || text_.substr(at_, 2) != "\\u") return fail("half of a surrogate pair");
    ++at_;
    const int32_t low = parse_code_unit();
    if (low < 0) return false;
    if (low < 0xdc00 || low > 0xdfff) return fail("half of a surrogate pair");
    append_utf8(out, static_cast<char32_t>(0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00)));
    return true;
  }

  std::string_view text_;
  size_t at_ = 0;
  const char* problem_ = nullptr;
};

}  // namespace

ParseError parse(std::string_view text, Value& out) { return Parser(text).parse(out); }

}  // namespace nearfar::helper::json
