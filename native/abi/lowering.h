#pragma once

#include <array>
#include <cstddef>
#include <cstring>

#include "abi/abi.h"

// What the conventions share: pieces, stack words, and choosing an executor by stack size.
namespace nearfar::abi {

// An executor pushes the smallest of these that holds the call. Words pushed in excess are
// harmless: the caller owns the argument area in every convention here.
inline constexpr std::array<size_t, 5> kStackSizes = {0, 4, 16, 64, kMaxStackWords};

inline size_t stack_size_index(size_t words) {
  size_t index = 0;
  while (kStackSizes[index] < words) ++index;
  return index;
}

// The stack words that the executor of a call with so many reads, whether it fills them or not.
inline uint32_t executed_words(size_t words) {
  return static_cast<uint32_t>(kStackSizes[stack_size_index(words)]);
}

inline DirectCall make_direct(size_t integers, size_t floats) {
  if (integers != 0 && floats != 0) return {};
  return {.integers = static_cast<uint8_t>(integers), .floats = static_cast<uint8_t>(floats)};
}

inline constexpr uint32_t kWordBytes = 8;

constexpr size_t align_up(size_t value, size_t alignment) {
  return (value + alignment - 1) / alignment * alignment;
}

// The image of one register: `index` counts within the array of Registers at `array`.
constexpr uint32_t register_offset(size_t array, size_t index) {
  return static_cast<uint32_t>(array + index * kWordBytes);
}

// A whole scalar at one place. Registers and stack words have room for the extension to 32 bits.
inline Placement place_scalar(const Type& type, uint32_t offset) {
  return {.pieces = {{0, type.size < 4 ? 4u : type.size, offset}}};
}

inline Placement place_reference(uint32_t offset) {
  return {.by_reference = true, .pieces = {{0, kWordBytes, offset}}};
}

// Eight bytes from `from` on, or what is left of the value, which a register holds.
inline Piece word_piece(const Value& value, uint32_t from, uint32_t offset) {
  return {from, value.size - from < kWordBytes ? value.size - from : kWordBytes, offset};
}

inline bool is_void(const Value& value) {
  return value.scalar != nullptr && value.scalar->type_class == TypeClass::kVoid;
}

inline bool is_class(const Value& value, TypeClass type_class) {
  return value.scalar != nullptr && value.scalar->type_class == type_class;
}

// Appends arguments to the stack area.
class StackCursor {
 public:
  // Reserves `size` bytes; returns their offset in Registers.
  uint32_t take(size_t size, size_t alignment) {
    bytes_ = align_up(bytes_, alignment);
    const size_t offset = offsetof(Registers, stack) + bytes_;
    bytes_ += size;
    return static_cast<uint32_t>(offset);
  }

  // One eight-byte word.
  uint32_t take_word() { return take(kWordBytes, kWordBytes); }

  size_t words() const { return (bytes_ + kWordBytes - 1) / kWordBytes; }
  bool overflows() const { return words() > kMaxStackWords; }

 private:
  size_t bytes_ = 0;
};

inline Error void_argument() { return {ErrorCode::kInvalidArgument, "an argument cannot be void"}; }

inline Error too_many_words() {
  return {ErrorCode::kTooManyArguments, "the arguments need more than 512 stack words"};
}

// Each way a call can give its result back is a C++ type that the compiler returns that way; an
// executor stores it in the image. Narrower values lie in the low bytes of their register.
struct IntegerPair {
  uint64_t words[2];
};

inline void store(Registers& r, uint64_t value) { r.result_gp[0] = value; }
inline void store(Registers& r, double value) {
  std::memcpy(&r.result_fp[0], &value, sizeof value);
}
inline void store(Registers& r, const IntegerPair& value) {
  r.result_gp[0] = value.words[0];
  r.result_gp[1] = value.words[1];
}

}  // namespace nearfar::abi
