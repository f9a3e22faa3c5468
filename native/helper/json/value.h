#pragma once

#include <string>
#include <string_view>
#include <vector>

// JSON texts as RFC 8259 defines them, and nothing more. A number stays the digits that were
// written until somebody knows its type, so that no 64-bit integer loses a bit.
namespace nearfar::helper::json {

enum class Kind { kNull, kBoolean, kNumber, kString, kArray, kObject };

struct Member;

struct Value {
  Kind kind = Kind::kNull;
  bool boolean = false;
  std::string text;             // Of a string, decoded to UTF-8; of a number, as written.
  std::vector<Value> elements;  // Of an array.
  std::vector<Member> members;  // Of an object, in their order; no two have one name.
  std::string_view source;      // Where the text says it: valid as long as the text is.

  bool is(Kind other) const { return kind == other; }

  // The member of that name, or null: also for what is no object.
  const Value* find(std::string_view name) const;
};

struct Member {
  std::string name;
  Value value;
};

const char* kind_name(Kind kind);

}  // namespace nearfar::helper::json
