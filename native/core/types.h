#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace nearfar {

// How a calling convention treats a value: which register file it travels in. Extended is the x87's
// 80-bit format in 16 bytes: C's `long double` on x86-64, except on Windows.
enum class TypeClass : uint8_t { kVoid, kInteger, kFloat, kExtended };

#if defined(__x86_64__) && !defined(_WIN32)
#define NEARFAR_HAS_EXTENDED 1
#endif

struct Type {
  std::string_view name;
  TypeClass type_class;
  uint8_t size;  // Bytes; also the alignment, for every scalar of the ABIs we support.
  bool is_signed;
};

// The scalar types, by the names of node:ffi. `string`, `buffer`, `arraybuffer` and `function`
// are pointers to a calling convention.
std::span<const Type> scalar_types();

// Null when no type has that name.
const Type* find_type(std::string_view name);

}  // namespace nearfar
