#pragma once

#include <string_view>

#include "core/types.h"

namespace nearfar::helper {

// How a value is written in JSON. What it is in C, its scalar says.
enum class Form {
  kVoid,
  kBoolean,
  kInteger,
  kFloating,
  kPointer,    // An address, or one of the markers.
  kText,       // A string that ends with a zero of `unit` bytes, or null.
  kReference,  // A pointer to values of a known type.
  kRecord,     // A struct or union.
  kArray,
};

struct TypeWord {
  std::string_view word;
  Form form;
  std::string_view scalar;  // As core/types.h names it.
  uint8_t unit = 0;         // Bytes of a character, of text.
};

// The words of node:ffi and of C, without those that declare anything. Null for no such word.
const TypeWord* find_type_word(std::string_view word);

}  // namespace nearfar::helper
