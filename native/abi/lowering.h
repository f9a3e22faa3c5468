#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <utility>

#include "abi/abi.h"

// What the conventions share: slots, stack words, and choosing an executor by stack size.
namespace nearfar::abi {

// An executor pushes the smallest of these that holds the call. Words pushed in excess are
// harmless: the caller owns the argument area in every convention here.
inline constexpr std::array<size_t, 5> kStackSizes = {0, 4, 16, 64, kMaxStackWords};

inline size_t stack_size_index(size_t words) {
  size_t index = 0;
  while (kStackSizes[index] < words) ++index;
  return index;
}

inline constexpr uint32_t kRegisterBytes = 8;

inline Slot register_slot(size_t area_offset, size_t index, const Type& type) {
  return {static_cast<uint32_t>(area_offset + index * kRegisterBytes),
          type.size < 4 ? 4u : static_cast<uint32_t>(type.size)};
}

// Appends arguments to the stack area. `packed` is Apple's rule on AArch64: natural size and
// alignment instead of eight bytes each.
class StackCursor {
 public:
  explicit StackCursor(bool packed) : packed_(packed) {}

  Slot next(const Type& type) {
    const size_t size = packed_ ? type.size : kRegisterBytes;
    bytes_ = (bytes_ + size - 1) / size * size;
    const size_t offset = offsetof(Registers, stack) + bytes_;
    bytes_ += size;
    const uint32_t width = packed_ || type.size > 4 ? type.size : 4u;
    return {static_cast<uint32_t>(offset), width};
  }

  size_t words() const { return (bytes_ + kRegisterBytes - 1) / kRegisterBytes; }

 private:
  bool packed_;
  size_t bytes_ = 0;
};

inline uint32_t result_offset(const Type& result) {
  return result.type_class == TypeClass::kFloat ? offsetof(Registers, result_fp)
                                                : offsetof(Registers, result_gp);
}

// Conventions that assign integer and floating registers independently: System V and AAPCS64.
struct RegisterFiles {
  size_t gp_count;
  size_t fp_count;
  bool packed_stack;
};

struct Assignment {
  std::vector<Slot> arguments;
  bool uses_fp = false;
  size_t stack_words = 0;
};

inline Result<Assignment> assign(const Signature& signature, const RegisterFiles& files) {
  Assignment assignment;
  StackCursor stack(files.packed_stack);
  size_t gp = 0;
  size_t fp = 0;
  for (const Type* type : signature.arguments) {
    switch (type->type_class) {
      case TypeClass::kVoid:
        return Error{ErrorCode::kInvalidArgument, "an argument cannot be void"};
      case TypeClass::kInteger:
        assignment.arguments.push_back(gp < files.gp_count
                                           ? register_slot(offsetof(Registers, gp), gp++, *type)
                                           : stack.next(*type));
        break;
      case TypeClass::kFloat:
        assignment.uses_fp = true;
        assignment.arguments.push_back(fp < files.fp_count
                                           ? register_slot(offsetof(Registers, fp), fp++, *type)
                                           : stack.next(*type));
        break;
    }
    if (stack.words() > kMaxStackWords) {
      return Error{ErrorCode::kTooManyArguments, "the arguments need more than 512 stack words"};
    }
  }
  assignment.stack_words = stack.words();
  return assignment;
}

// Executors of a convention with independent register files, from its `invoke`:
//   template <typename R, bool kUsesFp, size_t kWords> static R invoke(void*, const Registers&);
template <typename Convention, bool kUsesFp, size_t kWords>
void execute_integer(void* target, Registers& r) {
  r.result_gp[0] = Convention::template invoke<uint64_t, kUsesFp, kWords>(target, r);
}

template <typename Convention, bool kUsesFp, size_t kWords>
void execute_float(void* target, Registers& r) {
  r.result_fp[0] =
      std::bit_cast<uint64_t>(Convention::template invoke<double, kUsesFp, kWords>(target, r));
}

template <typename Convention, size_t... kIndex>
Executor select(bool float_result, size_t stack_words, std::index_sequence<kIndex...>) {
  static constexpr Executor kInteger[] = {
      execute_integer<Convention, true, kStackSizes[kIndex]>...};
  static constexpr Executor kFloat[] = {execute_float<Convention, true, kStackSizes[kIndex]>...};
  return (float_result ? kFloat : kInteger)[stack_size_index(stack_words)];
}

template <typename Convention>
Result<Plan> plan_with_register_files(const Signature& signature) {
  Result<Assignment> assigned = assign(signature, Convention::kFiles);
  if (!assigned) return assigned.error();
  Assignment& assignment = assigned.value();
  const bool float_result = signature.result->type_class == TypeClass::kFloat;
  Plan plan{.arguments = std::move(assignment.arguments),
            .result_offset = result_offset(*signature.result)};
  if (assignment.uses_fp || assignment.stack_words > 0) {
    plan.execute = select<Convention>(float_result, assignment.stack_words,
                                      std::make_index_sequence<kStackSizes.size()>{});
  } else {
    plan.execute =
        float_result ? execute_float<Convention, false, 0> : execute_integer<Convention, false, 0>;
  }
  return plan;
}

}  // namespace nearfar::abi
