#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "abi/abi.h"
#include "helper/failure.h"
#include "helper/json/value.h"
#include "helper/type_words.h"

namespace nearfar::helper {

struct CField;

// A C type as a request names it, and how its values lie in memory.
struct CType {
  Form form = Form::kVoid;
  const Type* scalar = nullptr;  // Of everything but records and arrays.
  uint32_t size = 0;             // Bytes, as `alignment` is.
  uint32_t alignment = 1;
  uint32_t natural_alignment = 1;  // The largest of its members'.
  uint8_t unit = 0;                // Of text: bytes of a character.
  bool is_union = false;
  bool is_written_back = false;    // A reference whose values the answer tells as C left them.
  std::vector<CField> fields;      // Of a record.
  std::shared_ptr<CType> element;  // Of an array and of a reference.
  uint32_t length = 0;             // Of an array: how many.
};

struct CField {
  std::string name;
  CType type;
  uint32_t offset;
};

// The largest type: far more than C passes by value, and what a frame's memory can hold.
inline constexpr uint32_t kMaxTypeBytes = 1u << 30;

// Reads a type: a word, {"struct": [[name, type], ...]}, {"union": ...}, {"array": [type, length]},
// {"pointer": type} or {"inout": type}. `where` begins the message of a failure:
// kUnsupportedArguments for a type that there is not, kTypeError for what names none.
Outcome<CType> read_type(const json::Value& value, const std::string& where);

// As a calling convention takes it.
abi::Value to_abi_value(const CType& type);

// C's default argument promotions (C17 6.5.2.2): what follows the named parameters of a variadic
// function travels as int or double at least.
void promote(CType& type);

}  // namespace nearfar::helper
