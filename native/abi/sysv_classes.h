#pragma once

#include <algorithm>
#include <array>
#include <vector>

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

// Step 5: what no pair of registers can hold is in memory as a whole.
inline Eightbytes clean_up(const Eightbytes& classes) {
  const bool lone_upper = classes[1] == Eightbyte::kX87Up && classes[0] != Eightbyte::kX87;
  if (lone_upper || std::ranges::count(classes, Eightbyte::kMemory) > 0) {
    return {Eightbyte::kMemory, Eightbyte::kMemory};
  }
  return classes;
}

// A value in memory has kMemory first. Larger than two eightbytes is memory: there are no vectors.
// Each aggregate inside is classified by itself: the x87's merged with integers may be memory there
// and would not be among more integers.
inline Eightbytes classify(const Value& value) {
  struct Open {
    size_t end;
    Eightbytes classes;
  };
  constexpr Eightbytes kNothing = {Eightbyte::kNone, Eightbyte::kNone};
  constexpr Eightbytes kInMemory = {Eightbyte::kMemory, Eightbyte::kMemory};
  Eightbytes whole = kNothing;
  if (value.scalar != nullptr) {
    classify_leaf(*value.scalar, 0, whole);
    return whole;
  }
  if (value.size > 16) return kInMemory;
  std::vector<Open> open;
  auto next = value.inner.begin();
  for (size_t index = 0; index < value.leaves.size(); ++index) {
    for (; next != value.inner.end() && next->first == index; ++next) {
      open.push_back({next->end, kNothing});
    }
    const Leaf& leaf = value.leaves[index];
    if (leaf.offset % leaf.type->size != 0) return kInMemory;
    classify_leaf(*leaf.type, leaf.offset, open.empty() ? whole : open.back().classes);
    while (!open.empty() && open.back().end <= index + 1) {
      const Eightbytes classes = clean_up(open.back().classes);
      open.pop_back();
      Eightbytes& outer = open.empty() ? whole : open.back().classes;
      for (size_t at = 0; at < outer.size(); ++at) outer[at] = merge(outer[at], classes[at]);
    }
  }
  return clean_up(whole);
}

}  // namespace nearfar::abi
