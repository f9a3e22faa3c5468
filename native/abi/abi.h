#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
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
  uint64_t gp[8];            // rdi rsi rdx rcx r8 r9 | x0..x7 | the four positions of Win64
  uint64_t fp[8];            // xmm0..xmm7 | d0..d7; a float32 occupies the low four bytes
  uint64_t result_gp[2];     // rax rdx | x0 x1
  uint64_t result_fp[4];     // xmm0 xmm1 | d0..d3
  uint64_t result_x87[2];    // st(0) in the low ten bytes, on x86-64
  uint64_t indirect_result;  // x8 on AArch64: where a large structure is to be returned
  uint64_t reserved;
  uint64_t stack[kMaxStackWords];
};

// A scalar inside of an aggregate.
struct Leaf {
  const Type* type;
  uint32_t offset;
};

// An aggregate inside of another: its leaves are those from `first` up to `end`, never none.
struct Inner {
  size_t first;
  size_t end;
};

// How descriptions of an aggregate call one inside.
inline constexpr std::string_view kInnerAggregate = "aggregate";

// A value as a convention sees it: a scalar, or an aggregate and the scalars in it. The leaves of a
// union overlap. An aggregate of more than 64 bytes needs no leaves: none goes in registers.
struct Value {
  const Type* scalar = nullptr;
  uint32_t size = 0;
  uint32_t alignment = 1;
  uint32_t natural_alignment = 1;  // The largest of its members', before any of the whole.
  std::vector<Leaf> leaves;
  std::vector<Inner> inner;  // In the order they begin in, those inside of one behind it.
};

// `size` bytes of a value, from byte `from` of it, lie at byte `offset` of Registers. The piece of
// an integer narrower than four bytes is larger than the value: it is stored sign- or
// zero-extended.
struct Piece {
  uint32_t from;
  uint32_t size;
  uint32_t offset;
};

// Where one value goes. By reference, its only piece is a pointer to the value, which the caller
// provides: for an argument a copy, for a result the memory to fill. Void has no piece.
struct Placement {
  bool by_reference = false;
  std::vector<Piece> pieces;
};

using Executor = void (*)(void* target, Registers& registers);

// A call whose arguments take registers of one kind and nothing else, and whose result is not in
// memory or x87: how many of which. Neither for all other calls. Such a function can be called
// through a pointer to a function of that many integers, or doubles.
struct DirectCall {
  uint8_t integers = 0;
  uint8_t floats = 0;
};

struct Plan {
  std::vector<Placement> arguments;
  Placement result;
  uint32_t stack_words = 0;     // That the executor reads, filled in or not.
  uint32_t argument_words = 0;  // That the arguments take: a closure's caller wrote no more.
  bool result_in_x87 = false;   // For closures, which have to load it.
  // Win64, for closures: bit N: the argument at position N is floating. It comes in the Nth
  // floating register, while its place in the image is the Nth integer one.
  uint8_t float_positions = 0;
  DirectCall direct;
  Executor execute = nullptr;
};

inline constexpr size_t kNotVariadic = SIZE_MAX;

struct Signature {
  std::span<const Value> arguments;
  const Value& result;
  size_t fixed = kNotVariadic;  // Of a variadic function: how many parameters it names.
};

// Lowers a signature for the convention of this machine. Errors: kInvalidArgument for a void
// argument, kTooManyArguments past kMaxStackWords, kNotSupported for a type that the convention
// lacks.
Result<Plan> make_plan(const Signature& signature);

// The convention's name, for diagnostics: "sysv-x64", "aapcs64" or "win64".
const char* name();

namespace win64 {
// For `ms_abi` functions on other systems on x86-64; elsewhere kNotSupported.
Result<Plan> make_plan(const Signature& signature);
}  // namespace win64

}  // namespace nearfar::abi
