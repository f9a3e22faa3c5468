#pragma once

#include <cstddef>
#include <span>

#include "abi/abi.h"

// What closures consist of. A thunk is 16 bytes of code, without anything of its own in it: it puts
// the address of its slot, which lies a block further on, into a scratch register and jumps to the
// slot's entry. The entry saves the argument registers, calls the slot's record and loads the
// result registers.
namespace nearfar::abi {

inline constexpr size_t kThunkBytes = 16;

// One page, or as many as the largest page of the architecture has.
#if defined(__aarch64__) && defined(__APPLE__)
inline constexpr size_t kThunkBlockBytes = 16 * 1024;
#elif defined(__aarch64__)
inline constexpr size_t kThunkBlockBytes = 64 * 1024;
#else
inline constexpr size_t kThunkBlockBytes = 4 * 1024;
#endif

// What the entry calls. Its first member is known to the entries' machine code. Returns whether the
// result is in st(0).
struct ClosureRecord;
using ClosureReceiver = bool (*)(ClosureRecord* record, Registers* registers,
                                 const uint64_t* stack);

struct ClosureSlot {
  const void* entry;
  ClosureRecord* record;
};
static_assert(sizeof(ClosureSlot) == kThunkBytes);

// The code of one block, kThunkBlockBytes long; `entry` is null if it follows the thunks in it.
struct ClosureCode {
  const std::byte* block;
  size_t thunks;
  const void* entry;
};

ClosureCode closure_code();

// A new block: kThunkBlockBytes of executable code equal to `code`, followed by as many of writable
// memory. kOutOfMemory; kNotSupported where the system refuses executable pages.
Result<std::byte*> map_thunk_block(const std::byte* code);

// Makes the second half read-only, once it is filled in. Failing leaves it writable.
void seal_thunk_block(std::byte* block);

void unmap_thunk_block(std::byte* block);

}  // namespace nearfar::abi
