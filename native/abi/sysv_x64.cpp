// System V AMD64: psABI 1.0, section 3.2.3 (parameter passing).
#if defined(__x86_64__) && !defined(_WIN32)

#include <algorithm>
#include <bit>
#include <utility>

#include "abi/lowering.h"
#include "abi/sysv_classes.h"

namespace nearfar::abi {
namespace {

constexpr size_t kGpCount = 6;
constexpr size_t kFpCount = 8;

// The start of the stack area is aligned to 16 bytes, or to this for executors that say so: room
// for alignas and vector-sized unions. More is refused.
constexpr size_t kStackAlignment = 16;
constexpr size_t kLargestAlignment = 64;

// A structure of class MEMORY passed by value: once the registers are used up, its bytes are the
// argument area itself, in one copy.
template <size_t kWords>
struct StackArea {
  uint64_t words[kWords];
};
template <size_t kWords>
struct alignas(kLargestAlignment) AlignedStackArea {
  uint64_t words[kWords];
};

struct FloatPair {
  double words[2];
};
// An integer and a floating eightbyte, in either order: each takes the next register of its class.
struct MixedPair {
  uint64_t integer;
  double floating;
};

void store(Registers& r, const FloatPair& value) {
  std::memcpy(r.result_fp, value.words, sizeof value);
}
void store(Registers& r, const MixedPair& value) {
  store(r, value.integer);
  store(r, value.floating);
}
void store(Registers& r, long double value) {
  std::memcpy(r.result_x87, &value, 10);  // The other six bytes are padding.
}

// How an executor reads an integer register of the image, which JavaScript has just stored, up to
// four bytes at a time. A processor hands bytes that are not in the cache yet from one store to one
// load; a load of more than a store has waits for them (measured: 2 ns for six arguments).
struct Narrow {  // Of an integer of four bytes or less: the upper half is undefined (3.2.3).
  using Register = uint32_t;
  static uint32_t read(const uint64_t& image) {
    uint32_t low = 0;
    std::memcpy(&low, &image, sizeof low);
    return low;
  }
};
struct Wide {
  using Register = uint64_t;
  static uint64_t read(const uint64_t& image) {
    uint32_t low = 0;
    uint32_t high = 0;
    std::memcpy(&low, &image, sizeof low);
    std::memcpy(&high, reinterpret_cast<const std::byte*>(&image) + sizeof low, sizeof high);
    asm("" : "+r"(low));  // Or the compiler makes one load of them.
    return uint64_t{high} << 32 | low;
  }
};

template <typename Register, size_t>
using Argument = Register;

// As many as there are, all of them integers.
template <typename R, typename Width, size_t kCount>
void execute_integers(void* target, Registers& r) {
  [&]<size_t... kIndex>(std::index_sequence<kIndex...>) {
    using Function = R (*)(Argument<typename Width::Register, kIndex>...);
    store(r, reinterpret_cast<Function>(target)(Width::read(r.gp[kIndex])...));
  }
  (std::make_index_sequence<kCount>());
}

// All of them `float`, or all of them eightbytes of class SSE.
template <typename R, typename F>
void execute_floats(void* target, Registers& r) {
  const auto fp = [&r](size_t i) {
    F value = 0;
    std::memcpy(&value, &r.fp[i], sizeof value);
    return value;
  };
  using Function = R (*)(F, F, F, F, F, F, F, F);
  store(r,
        reinterpret_cast<Function>(target)(fp(0), fp(1), fp(2), fp(3), fp(4), fp(5), fp(6), fp(7)));
}

#define GP gp(0), gp(1), gp(2), gp(3), gp(4), gp(5)
#define FP fp(0), fp(1), fp(2), fp(3), fp(4), fp(5), fp(6), fp(7)

// The ellipsis makes the compiler set al, the number of floating registers used, which a variadic
// function reads (3.2.3, "Parameter Passing"); others do not look at it.
template <typename R>
void execute_registers(void* target, Registers& r) {
  using U = uint64_t;
  using D = double;
  const auto gp = [&r](size_t i) { return Wide::read(r.gp[i]); };
  const auto fp = [&r](size_t i) { return std::bit_cast<double>(r.fp[i]); };
  using Function = R (*)(U, U, U, U, U, U, D, D, D, D, D, D, D, D, ...);
  store(r, reinterpret_cast<Function>(target)(GP, FP));
}

template <typename R, typename Area>
void execute_stack(void* target, Registers& r) {
  using U = uint64_t;
  using D = double;
  const auto gp = [&r](size_t i) { return Wide::read(r.gp[i]); };
  const auto fp = [&r](size_t i) { return std::bit_cast<double>(r.fp[i]); };
  using Function = R (*)(U, U, U, U, U, U, D, D, D, D, D, D, D, D, Area, ...);
  if constexpr (alignof(Area) == alignof(uint64_t)) {
    store(r, reinterpret_cast<Function>(target)(GP, FP, reinterpret_cast<const Area&>(r.stack)));
  } else {
    Area area;
    std::memcpy(area.words, r.stack, sizeof area.words);
    store(r, reinterpret_cast<Function>(target)(GP, FP, area));
  }
}

#undef GP
#undef FP

// Executors of one kind of result.
struct Executors {
  // Registers of one kind, no stack word, not variadic. Integers by their number.
  std::array<Executor, kGpCount + 1> narrow_integers;
  std::array<Executor, kGpCount + 1> integers;
  Executor floats;
  Executor doubles;
  std::array<Executor, kStackSizes.size()> stack;
  std::array<Executor, 2> aligned;  // Of the two largest sizes.
};

template <typename R, typename Width, size_t... kCount>
constexpr std::array<Executor, sizeof...(kCount)> integer_executors(
    std::index_sequence<kCount...>) {
  return {execute_integers<R, Width, kCount>...};
}
using IntegerCounts = std::make_index_sequence<kGpCount + 1>;

template <typename R>
constexpr Executors kExecutorsOf = {
    integer_executors<R, Narrow>(IntegerCounts()),
    integer_executors<R, Wide>(IntegerCounts()),
    execute_floats<R, float>,
    execute_floats<R, double>,
    {execute_registers<R>, execute_stack<R, StackArea<kStackSizes[1]>>,
     execute_stack<R, StackArea<kStackSizes[2]>>, execute_stack<R, StackArea<kStackSizes[3]>>,
     execute_stack<R, StackArea<kStackSizes[4]>>},
    {execute_stack<R, AlignedStackArea<kStackSizes[3]>>,
     execute_stack<R, AlignedStackArea<kMaxStackWords>>},
};

// What a signature has taken so far.
struct Cursor {
  size_t gp = 0;
  size_t fp = 0;
  bool is_narrow = true;  // Nothing but scalars of four bytes or less.
  StackCursor stack;
  size_t stack_alignment = kStackAlignment;
};

Placement place_on_stack(const Value& value, Cursor& cursor) {
  const size_t alignment = std::max<size_t>(kWordBytes, value.alignment);
  cursor.stack_alignment = std::max(cursor.stack_alignment, alignment);
  const uint32_t offset = cursor.stack.take(align_up(value.size, kWordBytes), alignment);
  if (value.scalar != nullptr) return place_scalar(*value.scalar, offset);
  return {.pieces = {{0, value.size, offset}}};
}

// All of it in registers, or nothing: an aggregate that does not fit wholly leaves them to others.
Placement place_argument(const Value& value, Cursor& cursor) {
  if (value.size == 0) return {};
  const Eightbytes classes = classify(value);
  const size_t gp = static_cast<size_t>(std::ranges::count(classes, Eightbyte::kInteger));
  const size_t fp = static_cast<size_t>(std::ranges::count(classes, Eightbyte::kSse));
  const bool in_memory = classes[0] == Eightbyte::kMemory || classes[0] == Eightbyte::kX87;
  if (in_memory || cursor.gp + gp > kGpCount || cursor.fp + fp > kFpCount) {
    return place_on_stack(value, cursor);
  }
  if (value.scalar == nullptr || value.size > sizeof(uint32_t)) cursor.is_narrow = false;
  Placement placement;
  for (uint32_t index = 0; index < classes.size(); ++index) {
    if (classes[index] == Eightbyte::kNone) continue;
    const uint32_t offset = classes[index] == Eightbyte::kInteger
                                ? register_offset(offsetof(Registers, gp), cursor.gp++)
                                : register_offset(offsetof(Registers, fp), cursor.fp++);
    if (value.scalar != nullptr) return place_scalar(*value.scalar, offset);
    placement.pieces.push_back(word_piece(value, index * kWordBytes, offset));
  }
  return placement;
}

// A result in memory takes the first integer register, for its address, which comes back in rax.
const Executors& place_result(const Value& value, Cursor& cursor, Plan& plan) {
  if (value.size == 0) return kExecutorsOf<uint64_t>;
  const Eightbytes classes = classify(value);
  if (classes[0] == Eightbyte::kMemory) {
    plan.result = place_reference(register_offset(offsetof(Registers, gp), cursor.gp++));
    cursor.is_narrow = false;
    return kExecutorsOf<uint64_t>;
  }
  if (classes[0] == Eightbyte::kX87) {
    plan.result.pieces = {{0, value.size, offsetof(Registers, result_x87)}};
    plan.result_in_x87 = true;
    return kExecutorsOf<long double>;
  }
  size_t gp = 0;
  size_t fp = 0;
  for (uint32_t index = 0; index < classes.size(); ++index) {
    if (classes[index] == Eightbyte::kNone) continue;
    const uint32_t offset = classes[index] == Eightbyte::kInteger
                                ? register_offset(offsetof(Registers, result_gp), gp++)
                                : register_offset(offsetof(Registers, result_fp), fp++);
    plan.result.pieces.push_back(word_piece(value, index * kWordBytes, offset));
  }
  if (value.scalar != nullptr) {
    plan.result = place_scalar(*value.scalar, plan.result.pieces[0].offset);
  }
  if (fp == 0) return gp == 2 ? kExecutorsOf<IntegerPair> : kExecutorsOf<uint64_t>;
  if (gp == 0) return fp == 2 ? kExecutorsOf<FloatPair> : kExecutorsOf<double>;
  return kExecutorsOf<MixedPair>;
}

void choose_by_kind(const Executors& executors, const Cursor& cursor, Plan& plan) {
  if (cursor.fp == 0) {
    const auto& integers = cursor.is_narrow ? executors.narrow_integers : executors.integers;
    plan.execute = integers[cursor.gp];
  } else if (cursor.gp == 0) {
    plan.execute = cursor.is_narrow ? executors.floats : executors.doubles;
  }
}

void choose_executor(const Executors& executors, const Cursor& cursor, bool variadic, Plan& plan) {
  const size_t words = cursor.stack.words();
  plan.argument_words = static_cast<uint32_t>(words);
  plan.stack_words = executed_words(words);
  plan.execute = executors.stack[stack_size_index(words)];
  if (words == 0 && !variadic) choose_by_kind(executors, cursor, plan);
  if (words == 0 && !variadic && !plan.result_in_x87) {
    plan.direct = make_direct(cursor.gp, cursor.fp);
  }
  if (cursor.stack_alignment > kStackAlignment) {
    plan.stack_words = executed_words(std::max(words, kStackSizes[3]));
    plan.execute = executors.aligned[words > kStackSizes[3]];
  }
}

}  // namespace

const char* name() { return "sysv-x64"; }

Result<Plan> make_plan(const Signature& signature) {
  Plan plan;
  Cursor cursor;
  const Executors& executors = place_result(signature.result, cursor, plan);
  plan.arguments.reserve(signature.arguments.size());
  for (const Value& value : signature.arguments) {
    if (is_void(value)) return void_argument();
    plan.arguments.push_back(place_argument(value, cursor));
    if (cursor.stack.overflows()) return too_many_words();
  }
  if (cursor.stack_alignment > kLargestAlignment) {
    return Error{ErrorCode::kNotSupported, "a value aligned to more than 64 bytes"};
  }
  choose_executor(executors, cursor, signature.fixed != kNotVariadic, plan);
  return plan;
}

}  // namespace nearfar::abi

#endif
