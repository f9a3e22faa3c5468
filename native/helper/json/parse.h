#pragma once

#include <cstddef>
#include <string_view>

#include "helper/json/value.h"

namespace nearfar::helper::json {

// Recursion costs the parser stack: this many levels take less than 64 KiB of it.
inline constexpr size_t kMaxDepth = 128;

struct ParseError {
  const char* problem = nullptr;  // Null: there is none.
  size_t offset = 0;              // In bytes from the start of the text.
};

// Parses one JSON text: strictly UTF-8, names of an object unique, at most kMaxDepth levels.
ParseError parse(std::string_view text, Value& out);

}  // namespace nearfar::helper::json
