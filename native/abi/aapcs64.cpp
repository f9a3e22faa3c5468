// AArch64: AAPCS64 (2024Q3), section 6.8.2, and Apple's variant of it, which packs stack arguments
// to their natural size and passes all variadic ones on the stack ("Writing ARM64 code for Apple
// platforms").
#if defined(__aarch64__) || defined(_M_ARM64)

#include <algorithm>
#include <bit>
#include <new>
#include <utility>

#include "abi/lowering.h"

namespace nearfar::abi {
namespace {

#ifdef __APPLE__
constexpr bool kApple = true;
#else
constexpr bool kApple = false;
#endif

constexpr size_t kGpCount = 8;
constexpr size_t kFpCount = 8;
constexpr size_t kMaxMembers = 4;  // Of a homogeneous floating-point aggregate.

// d0 to d3: any homogeneous floating-point aggregate, and every scalar of a floating type.
struct FloatQuad {
  double words[4];
};

void store(Registers& r, const FloatQuad& value) {
  std::memcpy(r.result_fp, value.words, sizeof value);
}

// Returned through x8 for its size. Without a copy constructor the compiler has to pass the memory
// that it is constructed in, whatever its size is for the callee.
struct Indirect {
  explicit Indirect() = default;
  Indirect(const Indirect&) = delete;
  unsigned char bytes[17];
};

template <size_t>
using Word = uint64_t;

// A large structure travels by reference here, so stack words are arguments of their own.
template <typename R, bool kUsesFp, size_t... kWord>
R invoke(void* target, const Registers& r, std::index_sequence<kWord...>) {
  using U = uint64_t;
  using D = double;
#define GP r.gp[0], r.gp[1], r.gp[2], r.gp[3], r.gp[4], r.gp[5], r.gp[6], r.gp[7]
  if constexpr (kUsesFp) {
    const auto fp = [&r](size_t i) { return std::bit_cast<double>(r.fp[i]); };
    using Function = R (*)(U, U, U, U, U, U, U, U, D, D, D, D, D, D, D, D, Word<kWord>...);
    return reinterpret_cast<Function>(target)(GP, fp(0), fp(1), fp(2), fp(3), fp(4), fp(5), fp(6),
                                              fp(7), r.stack[kWord]...);
  } else {
    return reinterpret_cast<R (*)(U, U, U, U, U, U, U, U)>(target)(GP);
  }
#undef GP
}

template <typename R, bool kUsesFp, size_t kWords>
void execute(void* target, Registers& r) {
  constexpr auto kSequence = std::make_index_sequence<kWords>{};
  if constexpr (std::is_same_v<R, Indirect>) {
    void* memory = reinterpret_cast<void*>(static_cast<uintptr_t>(r.indirect_result));
    ::new (memory) Indirect(invoke<R, kUsesFp>(target, r, kSequence));
  } else {
    store(r, invoke<R, kUsesFp>(target, r, kSequence));
  }
}

// Executors of one kind of result.
struct Executors {
  Executor integers;  // No floating register, no stack word.
  std::array<Executor, kStackSizes.size()> stack;
};

template <typename R>
constexpr Executors kExecutorsOf = {
    execute<R, false, 0>,
    {execute<R, true, kStackSizes[0]>, execute<R, true, kStackSizes[1]>,
     execute<R, true, kStackSizes[2]>, execute<R, true, kStackSizes[3]>,
     execute<R, true, kStackSizes[4]>},
};

struct Cursor {
  size_t gp = 0;
  size_t fp = 0;
  StackCursor stack;
};

// How many members a homogeneous floating-point aggregate has (5.9.5): one to four values of one
// floating type and nothing else; the members of a union overlap. 0 for any other value.
size_t count_floats(const Value& value) {
  if (value.scalar != nullptr) return is_class(value, TypeClass::kFloat) ? 1 : 0;
  if (value.leaves.empty()) return 0;
  const Type* type = value.leaves[0].type;
  uint32_t covered = 0;  // Bit N: a leaf lies at the Nth place.
  for (const Leaf& leaf : value.leaves) {
    const uint32_t index = leaf.offset / type->size;
    if (leaf.type != type || leaf.offset % type->size != 0 || index >= kMaxMembers) return 0;
    covered |= 1u << index;
  }
  const size_t count = value.size / type->size;
  const bool is_whole = value.size % type->size == 0 && covered == (1u << count) - 1;
  return type->type_class == TypeClass::kFloat && count <= kMaxMembers && is_whole ? count : 0;
}

Placement place_floats(const Value& value, size_t count, size_t array, size_t first) {
  const uint32_t size = value.size / static_cast<uint32_t>(count);
  Placement placement;
  for (uint32_t index = 0; index < count; ++index) {
    placement.pieces.push_back({index * size, size, register_offset(array, first + index)});
  }
  return placement;
}

Placement place_words(const Value& value, size_t array, size_t first) {
  if (value.scalar != nullptr) return place_scalar(*value.scalar, register_offset(array, first));
  Placement placement;
  for (uint32_t from = 0; from < value.size; from += kWordBytes) {
    placement.pieces.push_back(word_piece(value, from, register_offset(array, first++)));
  }
  return placement;
}

// C.4, C.14: by eight or sixteen bytes; no scalar of ours is aligned to 16, and of an aggregate its
// own alignment, beyond that of its members, does not count. On Apple's systems it does; scalars
// and homogeneous floating-point aggregates keep their size there.
Placement place_on_stack(const Value& value, size_t floats, bool is_packed, Cursor& cursor) {
  size_t size = align_up(value.size, kWordBytes);
  size_t alignment = kWordBytes;
  if (is_packed && (value.scalar != nullptr || floats > 0)) {
    size = value.size;
    alignment = floats > 0 ? value.size / floats : value.size;
  } else {
    const uint32_t wanted = kApple ? value.alignment : value.natural_alignment;
    alignment = std::clamp<size_t>(wanted, kWordBytes, 16);
  }
  const uint32_t offset = cursor.stack.take(size, alignment);
  if (value.scalar != nullptr && !is_packed) return place_scalar(*value.scalar, offset);
  return {.pieces = {{0, value.size, offset}}};
}

Placement place_reference_argument(bool variadic_on_stack, Cursor& cursor) {
  return place_reference(cursor.gp < kGpCount && !variadic_on_stack
                             ? register_offset(offsetof(Registers, gp), cursor.gp++)
                             : cursor.stack.take_word());
}

Placement place_argument(const Value& value, bool variadic_on_stack, Cursor& cursor) {
  if (value.size == 0) return {};
  const size_t floats = count_floats(value);
  if (floats > 0) {
    if (!variadic_on_stack && cursor.fp + floats <= kFpCount) {
      cursor.fp += floats;
      return place_floats(value, floats, offsetof(Registers, fp), cursor.fp - floats);
    }
    if (!variadic_on_stack) cursor.fp = kFpCount;  // C.3: none for later arguments.
    return place_on_stack(value, floats, kApple && !variadic_on_stack, cursor);
  }
  if (value.size > 16) return place_reference_argument(variadic_on_stack, cursor);
  if (!variadic_on_stack) {
    // C.10; Apple's systems have it begin in any register.
    if (!kApple && value.natural_alignment >= 16) cursor.gp = align_up(cursor.gp, 2);
    const size_t words = (value.size + kWordBytes - 1) / kWordBytes;
    if (cursor.gp + words <= kGpCount) {
      cursor.gp += words;
      return place_words(value, offsetof(Registers, gp), cursor.gp - words);
    }
    cursor.gp = kGpCount;  // C.13
  }
  return place_on_stack(value, 0, kApple && !variadic_on_stack, cursor);
}

const Executors& place_result(const Value& value, Plan& plan) {
  if (value.size == 0) return kExecutorsOf<uint64_t>;
  const size_t floats = count_floats(value);
  if (floats > 0) {
    plan.result = place_floats(value, floats, offsetof(Registers, result_fp), 0);
    return floats == 1 ? kExecutorsOf<double> : kExecutorsOf<FloatQuad>;
  }
  if (value.size > 16) {
    plan.result = place_reference(offsetof(Registers, indirect_result));
    return kExecutorsOf<Indirect>;
  }
  plan.result = place_words(value, offsetof(Registers, result_gp), 0);
  return value.size > kWordBytes ? kExecutorsOf<IntegerPair> : kExecutorsOf<uint64_t>;
}

}  // namespace

const char* name() { return "aapcs64"; }

Result<Plan> make_plan(const Signature& signature) {
  Plan plan;
  Cursor cursor;
  const Executors& executors = place_result(signature.result, plan);
  plan.arguments.reserve(signature.arguments.size());
  for (const Value& value : signature.arguments) {
    if (is_void(value)) return void_argument();
    const bool variadic_on_stack = kApple && plan.arguments.size() >= signature.fixed;
    plan.arguments.push_back(place_argument(value, variadic_on_stack, cursor));
    if (cursor.stack.overflows()) return too_many_words();
  }
  const size_t words = cursor.stack.words();
  plan.argument_words = static_cast<uint32_t>(words);
  plan.stack_words = executed_words(words);
  const bool integers_only = words == 0 && cursor.fp == 0;
  plan.execute = integers_only ? executors.integers : executors.stack[stack_size_index(words)];
  if (words == 0 && !plan.result.by_reference) plan.direct = make_direct(cursor.gp, cursor.fp);
  return plan;
}

}  // namespace nearfar::abi

#endif
