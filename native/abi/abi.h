#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/result.h"
#include "core/types.h"

// Calling conventions. A call is an image of the argument registers plus stack words, filled in
// before the call; executing it loads the registers, calls, and stores the result registers. One
// C++ function type per register shape makes the compiler the assembler: no code is generated.
namespace nearfar::abi {

// Eight bytes each, past the argument registers. 512 integer arguments are far more than the 127
// that C guarantees (C17 5.2.4.1), and the largest image an executor pushes stays under one page.
inline constexpr size_t kMaxStackWords = 512;

// Shared with JavaScript, which writes arguments and reads the result in place. Little-endian.
struct Registers {
  uint64_t gp[8];         // rdi rsi rdx rcx r8 r9 | x0..x7 | the four positions of Win64
  uint64_t fp[8];         // xmm0..xmm7 | d0..d7; a float32 occupies the low four bytes
  uint64_t result_gp[2];  // rax rdx | x0 x1
  uint64_t result_fp[4];  // xmm0 xmm1 | d0..d3
  uint64_t stack[kMaxStackWords];
};

// Where one argument goes: a byte offset into Registers and how many bytes to store there. Integers
// narrower than four bytes are stored sign- or zero-extended to `width`.
struct Slot {
  uint32_t offset;
  uint32_t width;
};

using Executor = void (*)(void* target, Registers& registers);

struct Plan {
  std::vector<Slot> arguments;
  uint32_t result_offset = 0;
  Executor execute = nullptr;
};

struct Signature {
  std::span<const Type* const> arguments;
  const Type* result;
};

// Lowers a signature for the convention of this machine. Errors: kInvalidArgument for a void
// argument, kTooManyArguments past kMaxStackWords.
Result<Plan> make_plan(const Signature& signature);

// The convention's name, for diagnostics: "sysv-x64", "aapcs64" or "win64".
const char* name();

namespace win64 {
// Also built on x86-64 Linux, where the unit tests run it against `ms_abi` functions.
Result<Plan> make_plan(const Signature& signature);
}  // namespace win64

}  // namespace nearfar::abi
