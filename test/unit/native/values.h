#pragma once

#include <cstdint>
#include <cstring>
#include <span>
#include <tuple>
#include <type_traits>
#include <vector>

#include "abi/abi.h"

// C++ types as the conventions see them, and values of them made from a seed, so that no test has
// expected values of its own.
namespace test {

using nearfar::find_type;
using nearfar::Type;
using nearfar::abi::Inner;
using nearfar::abi::Leaf;
using nearfar::abi::Value;

template <typename T>
constexpr bool is_scalar = std::is_arithmetic_v<T> || std::is_pointer_v<T>;

template <typename T>
const Type* type_of() {
  if constexpr (std::is_void_v<T>) return find_type("void");
  if constexpr (std::is_same_v<T, bool>) return find_type("bool");
  if constexpr (std::is_same_v<T, int8_t>) return find_type("int8");
  if constexpr (std::is_same_v<T, uint8_t>) return find_type("uint8");
  if constexpr (std::is_same_v<T, int16_t>) return find_type("int16");
  if constexpr (std::is_same_v<T, uint16_t>) return find_type("uint16");
  if constexpr (std::is_same_v<T, int32_t>) return find_type("int32");
  if constexpr (std::is_same_v<T, uint32_t>) return find_type("uint32");
  if constexpr (std::is_same_v<T, int64_t>) return find_type("int64");
  if constexpr (std::is_same_v<T, uint64_t>) return find_type("uint64");
  if constexpr (std::is_same_v<T, float>) return find_type("float32");
  if constexpr (std::is_same_v<T, double>) return find_type("float64");
  if constexpr (std::is_same_v<T, long double>) return find_type("extended");
  if constexpr (std::is_pointer_v<T>) return find_type("pointer");
}

// What is in an aggregate.
struct Members {
  std::vector<Leaf> leaves;
  std::vector<Inner> inner;
};

// A member at `offset`: a scalar, an array, or an aggregate with members of its own.
template <typename T>
void add_member(Members& members, size_t offset) {
  if constexpr (is_scalar<T>) {
    members.leaves.push_back({type_of<T>(), static_cast<uint32_t>(offset)});
  } else if constexpr (std::is_array_v<T>) {
    using Element = std::remove_extent_t<T>;
    for (size_t index = 0; index < std::extent_v<T>; ++index) {
      add_member<Element>(members, offset + index * sizeof(Element));
    }
  } else {
    const Members own = T::members();
    const size_t first = members.leaves.size();
    members.inner.push_back({first, first + own.leaves.size()});
    for (const Inner& inner : own.inner) {
      members.inner.push_back({first + inner.first, first + inner.end});
    }
    for (const Leaf& leaf : own.leaves) {
      members.leaves.push_back({leaf.type, static_cast<uint32_t>(leaf.offset + offset)});
    }
  }
}

template <typename... Types, typename... Offsets>
Members members_at(Offsets... offsets) {
  Members members;
  (add_member<Types>(members, offsets), ...);
  return members;
}

// Of the members: a type whose alignment is not theirs says what it is.
template <typename T>
constexpr uint32_t natural_alignment() {
  if constexpr (requires { T::kNaturalAlignment; }) {
    return T::kNaturalAlignment;
  } else {
    return alignof(T);
  }
}

template <typename T>
Value describe() {
  if constexpr (std::is_void_v<T>) {
    return {.scalar = type_of<void>()};
  } else if constexpr (is_scalar<T>) {
    return {.scalar = type_of<T>(), .size = sizeof(T), .alignment = alignof(T)};
  } else {
    const Members members = T::members();
    return {.size = sizeof(T),
            .alignment = alignof(T),
            .natural_alignment = natural_alignment<T>(),
            .leaves = members.leaves,
            .inner = members.inner};
  }
}

// What a value's scalars are; a large aggregate of bytes stands for itself.
std::vector<Leaf> scalars_of(const Value& value);

// Fills the scalars alone: of any bits, but for bool and for the 80-bit format, in which not all
// bits are a value.
void make_bytes(const Value& value, uint64_t seed, std::byte* bytes);

// Of the scalars alone: padding is nobody's.
uint64_t digest(const Value& value, const void* memory, uint64_t start);

template <typename T>
T make(uint64_t seed) {
  T value;
  std::memset(static_cast<void*>(&value), 0x5a, sizeof value);
  make_bytes(describe<T>(), seed, reinterpret_cast<std::byte*>(&value));
  return value;
}

}  // namespace test
