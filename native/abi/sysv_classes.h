#pragma once

#include <array>

#include "abi/abi.h"

// System V AMD64 psABI 1.0, section 3.2.3: the classes of a value's eightbytes.
namespace nearfar::abi {

enum class Eightbyte : uint8_t { kNone, kInteger, kSse, kX87, kX87Up, kMemory };

using Eightbytes = std::array<Eightbyte, 2>;

inline Eightbyte merge(Eightbyte a, Eightbyte b) {
  if (a == b || b == Eightbyte::kNone) return a;
  if (a == Eightbyte::kNone) return b;
  if (a == Eightbyte::kMemory || b == Eightbyte::kMemory) return Eightbyte::kMemory;
  if (a == Eightbyte::kInteger || b == Eightbyte::kInteger) return Eightbyte::kInteger;
  const auto is_x87 = [](Eightbyte e) { return e == Eightbyte::kX87 || e == Eightbyte::kX87Up; };
  return is_x87(a) || is_x87(b) ? Eightbyte::kMemory : Eightbyte::kSse;
}

inline void classify_leaf(const Type& type, uint32_t offset, Eightbytes& classes) {
  Eightbyte& first = classes[offset / 8];
  switch (type.type_class) {
    case TypeClass::kVoid:
      break;
    case TypeClass::kInteger:
      first = merge(first, Eightbyte::kInteger);
      break;
    case TypeClass::kFloat:
      first = merge(first, Eightbyte::kSse);
      break;
    case TypeClass::kExtended:
      first = merge(first, Eightbyte::kX87);
      classes[1] = merge(classes[1], Eightbyte::kX87Up);
      break;
  }
}

// A value in memory has kMemory first. Larger than two eightbytes is memory: there are no vectors.
inline Eightbytes classify(const Value& value) {
  constexpr Eightbytes kInMemory = {Eightbyte::kMemory, Eightbyte::kMemory};
  Eightbytes classes = {Eightbyte::kNone, Eightbyte::kNone};
  if (value.scalar != nullptr) {
    classify_leaf(*value.scalar, 0, classes);
    return classes;
  }
  if (value.size > 16) return kInMemory;
  for (const Leaf& leaf : value.leaves) {
    if (leaf.offset % leaf.type->size != 0) return kInMemory;
    classify_leaf(*leaf.type, leaf.offset, classes);
  }
  const bool lone_upper = classes[1] == Eightbyte::kX87Up && classes[0] != Eightbyte::kX87;
  if (lone_upper || classes[0] == Eightbyte::kMemory || classes[1] == Eightbyte::kMemory) {
    return kInMemory;
  }
  return classes;
}

}  // namespace nearfar::abi
