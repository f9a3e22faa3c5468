// x64 on Windows: "x64 calling convention" in Microsoft's C++ documentation. Arguments are
// positional: the Nth goes to the Nth integer or the Nth floating register, four in all.
#include "abi/lowering.h"

#if defined(__x86_64__) || defined(_M_X64)

#include <bit>
#include <utility>

#if defined(_WIN32)
#define NEARFAR_WIN64_CALL
#else
#define NEARFAR_WIN64_CALL __attribute__((ms_abi))
#endif

namespace nearfar::abi {
namespace {

constexpr size_t kPositions = 4;

// Called as variadic, a double after the named parameters is passed in the floating register and
// duplicated in the integer register of its position, so that one function type loads both files,
// whatever the callee reads. Only the first position, which is named, has to be of its own class.
template <typename R, typename First, size_t... kWord>
R invoke(void* target, const Registers& r, std::index_sequence<kWord...>) {
  using Function = R(NEARFAR_WIN64_CALL*)(First, ...);
  const auto position = [&r](size_t index) { return std::bit_cast<double>(r.gp[index]); };
  return reinterpret_cast<Function>(target)(std::bit_cast<First>(r.gp[0]), position(1), position(2),
                                            position(3), r.stack[kWord]...);
}

template <typename R, typename First, size_t kWords>
void execute(void* target, Registers& r) {
  store(r, invoke<R, First>(target, r, std::make_index_sequence<kWords>{}));
}

using Executors = std::array<Executor, kStackSizes.size()>;

template <typename R, typename First, size_t... kIndex>
constexpr Executors with_stack(std::index_sequence<kIndex...>) {
  return {execute<R, First, kStackSizes[kIndex]>...};
}

constexpr auto kStackIndexes = std::make_index_sequence<kStackSizes.size()>{};
// [floating result][floating first argument]
constexpr Executors kExecutors[2][2] = {
    {with_stack<uint64_t, uint64_t>(kStackIndexes), with_stack<uint64_t, double>(kStackIndexes)},
    {with_stack<double, uint64_t>(kStackIndexes), with_stack<double, double>(kStackIndexes)},
};

// The size of a register exactly; every other aggregate goes by reference, even an empty one.
bool fits_register(const Value& value) {
  return std::has_single_bit(value.size) && value.size <= kWordBytes;
}

uint32_t next_offset(size_t& position, StackCursor& stack) {
  const size_t index = position++;
  return index < kPositions ? register_offset(offsetof(Registers, gp), index) : stack.take_word();
}

Placement place_value(const Value& value, uint32_t offset) {
  if (value.scalar != nullptr) return place_scalar(*value.scalar, offset);
  if (!fits_register(value)) return place_reference(offset);
  return {.pieces = {{0, value.size, offset}}};
}

Error no_extended() { return {ErrorCode::kNotSupported, "long double is double in win64"}; }

// False: the caller passes the address of the memory for it as the first argument.
bool returns_in_register(const Value& result) {
  return result.scalar != nullptr || result.size == 0 || fits_register(result);
}

}  // namespace

Result<Plan> win64::make_plan(const Signature& signature) {
  Plan plan;
  StackCursor stack;
  size_t position = 0;
  const Value& result = signature.result;
  const bool float_result = is_class(result, TypeClass::kFloat);
  if (is_class(result, TypeClass::kExtended)) return no_extended();
  if (!returns_in_register(result)) {
    plan.result = place_reference(next_offset(position, stack));
  } else if (result.size > 0) {
    plan.result = place_value(
        result, float_result ? offsetof(Registers, result_fp) : offsetof(Registers, result_gp));
  }
  plan.arguments.reserve(signature.arguments.size());
  for (const Value& value : signature.arguments) {
    if (is_void(value)) return void_argument();
    if (is_class(value, TypeClass::kExtended)) return no_extended();
    const bool is_float = is_class(value, TypeClass::kFloat);
    if (is_float && position < kPositions) plan.float_positions |= 1u << position;
    plan.arguments.push_back(place_value(value, next_offset(position, stack)));
    if (stack.overflows()) return too_many_words();
  }
  plan.argument_words = static_cast<uint32_t>(stack.words());
  plan.stack_words = executed_words(stack.words());
  const bool float_first = (plan.float_positions & 1) != 0;
  plan.execute = kExecutors[float_result][float_first][stack_size_index(stack.words())];
  return plan;
}

#if defined(_WIN32)
const char* name() { return "win64"; }
Result<Plan> make_plan(const Signature& signature) { return win64::make_plan(signature); }
#endif

}  // namespace nearfar::abi

#else

namespace nearfar::abi {

Result<Plan> win64::make_plan(const Signature&) {
  return Error{ErrorCode::kNotSupported, "win64 is a convention of x86-64"};
}

}  // namespace nearfar::abi

#endif
