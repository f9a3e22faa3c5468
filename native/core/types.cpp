#include "core/types.h"

#include <limits>

namespace nearfar {
namespace {

constexpr uint8_t kPointerSize = sizeof(void*);
constexpr bool kCharIsSigned = std::numeric_limits<char>::is_signed;

constexpr Type kTypes[] = {
    {"void", TypeClass::kVoid, 0, false},
    {"bool", TypeClass::kInteger, 1, false},
    {"char", TypeClass::kInteger, 1, kCharIsSigned},
    {"int8", TypeClass::kInteger, 1, true},
    {"uint8", TypeClass::kInteger, 1, false},
    {"int16", TypeClass::kInteger, 2, true},
    {"uint16", TypeClass::kInteger, 2, false},
    {"int32", TypeClass::kInteger, 4, true},
    {"uint32", TypeClass::kInteger, 4, false},
    {"int64", TypeClass::kInteger, 8, true},
    {"uint64", TypeClass::kInteger, 8, false},
    {"float32", TypeClass::kFloat, 4, true},
    {"float64", TypeClass::kFloat, 8, true},
#if defined(NEARFAR_HAS_EXTENDED)
    {"extended", TypeClass::kExtended, 16, true},
#endif
    {"pointer", TypeClass::kInteger, kPointerSize, false},
};

}  // namespace

std::span<const Type> scalar_types() { return kTypes; }

const Type* find_type(std::string_view name) {
  for (const Type& type : kTypes) {
    if (type.name == name) return &type;
  }
  return nullptr;
}

}  // namespace nearfar
