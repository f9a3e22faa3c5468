#pragma once

#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <span>

#include "abi/abi.h"
#include "helper/ctype.h"

namespace nearfar::helper {

inline std::byte* piece_at(abi::Registers& registers, const abi::Piece& piece) {
  return reinterpret_cast<std::byte*>(&registers) + piece.offset;
}

// A value on its way between memory and the registers of a call.
class CallValue {
 public:
  // Zero, with room for the extension of an integer to 8 bytes.
  explicit CallValue(const CType& type)
      : type_size_(type.size),
        size_(type.size < kSmallest ? kSmallest : type.size),
        bytes_(static_cast<std::byte*>(std::calloc(1, size_))) {}

  // As a call got it.
  CallValue(const CType& type, const abi::Placement& placement, abi::Registers& registers)
      : CallValue(type) {
    if (placement.by_reference) {
      void* original = nullptr;
      std::memcpy(&original, piece_at(registers, placement.pieces[0]), sizeof original);
      std::memcpy(bytes_.get(), original, type.size);
      return;
    }
    for (const abi::Piece& piece : placement.pieces) {
      std::memcpy(bytes_.get() + piece.from, piece_at(registers, piece), piece.size);
    }
  }

  std::span<std::byte> room() { return {bytes_.get(), size_}; }
  const std::byte* bytes() const { return bytes_.get(); }

  // Puts it where a call looks for it. By reference, the value has to outlive the call if it is an
  // argument, and the place is that of a result which is filled in.
  void put(const abi::Placement& placement, abi::Registers& registers) const {
    if (placement.by_reference) {
      void* target = nullptr;
      std::memcpy(&target, piece_at(registers, placement.pieces[0]), sizeof target);
      std::memcpy(target, bytes_.get(), type_size_);
      return;
    }
    for (const abi::Piece& piece : placement.pieces) {
      std::memcpy(piece_at(registers, piece), bytes_.get() + piece.from, piece.size);
    }
  }

  void refer(const abi::Placement& placement, abi::Registers& registers) const {
    const void* address = bytes_.get();
    std::memcpy(piece_at(registers, placement.pieces[0]), &address, sizeof address);
  }

 private:
  // Extended integers, and whole words of what travels in registers.
  static constexpr size_t kSmallest = 16;
  struct Free {
    void operator()(std::byte* bytes) const { std::free(bytes); }
  };
  size_t type_size_;
  size_t size_;
  std::unique_ptr<std::byte, Free> bytes_;
};

}  // namespace nearfar::helper
