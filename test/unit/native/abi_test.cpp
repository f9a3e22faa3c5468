#include "abi/abi.h"

#include <bit>
#include <cstring>
#include <tuple>
#include <vector>

#include "check.h"

// A direct call against the same call through a plan: the compiler is the reference, so there are
// no expected values to maintain. The callee folds its arguments in order, so that a swapped,
// truncated or lost one shows.
using namespace nearfar;

namespace {

template <typename T>
const Type* type_of() {
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
  if constexpr (std::is_pointer_v<T>) return find_type("pointer");
}

template <typename T>
uint64_t bits_of(T value) {
  uint64_t bits = 0;
  std::memcpy(&bits, &value, sizeof value);
  return bits;
}

template <typename... A>
uint64_t fold(A... arguments) {
  uint64_t folded = 14695981039346656037u;  // FNV-1a, over whole values.
  ((folded = (folded ^ bits_of(arguments)) * 1099511628211u), ...);
  return folded;
}

template <typename T>
T make(size_t position) {
  const double base = static_cast<double>(position + 1) * 1.25;
  if constexpr (std::is_same_v<T, bool>) return position % 2 == 0;
  if constexpr (std::is_floating_point_v<T>) return static_cast<T>(position % 2 ? -base : base);
  if constexpr (std::is_pointer_v<T>) return reinterpret_cast<T>(0x7f0000000000u + position);
  if constexpr (std::is_integral_v<T> && !std::is_same_v<T, bool>) {
    return static_cast<T>(position % 2 ? -static_cast<int64_t>(position) - 1
                                       : static_cast<int64_t>(position * 0x0101010101010101));
  }
}

// What JavaScript does: integers extended to the slot's width, floats as their own bytes.
template <typename T>
void store(abi::Registers& registers, const abi::Slot& slot, T value) {
  auto* target = reinterpret_cast<std::byte*>(&registers) + slot.offset;
  if constexpr (std::is_integral_v<T> && sizeof(T) < 4) {
    const int32_t extended = static_cast<int32_t>(value);
    std::memcpy(target, &extended, slot.width);
  } else {
    std::memcpy(target, &value, sizeof value);
  }
}

template <typename R>
R load(const abi::Registers& registers, const abi::Plan& plan) {
  R result;
  std::memcpy(&result, reinterpret_cast<const std::byte*>(&registers) + plan.result_offset,
              sizeof result);
  return result;
}

using Planner = Result<abi::Plan> (*)(const abi::Signature&);

// Calls `target` through a plan with made-up arguments; R is its result type.
template <typename R, typename... A>
R call_planned(Planner planner, void* target) {
  const std::vector<const Type*> types = {type_of<A>()...};
  Result<abi::Plan> plan = planner({types, type_of<R>()});
  if (!CHECK(bool(plan))) return R{};
  // Rubbish everywhere an argument is not: upper halves and unused registers must not matter.
  static abi::Registers registers;
  std::memset(&registers, 0xa5, sizeof registers);
  size_t position = 0;
  ((store(registers, plan.value().arguments[position], make<A>(position)), ++position), ...);
  plan.value().execute(target, registers);
  return load<R>(registers, plan.value());
}

template <typename... A, size_t... kIndex>
uint64_t fold_made(std::index_sequence<kIndex...>) {
  return fold<A...>(make<A>(kIndex)...);
}

// A function per result class: an integer, a double and a float, each made from all arguments.
template <typename... A>
double fold_double(A... arguments) {
  return static_cast<double>(fold<A...>(arguments...) >> 12);
}
template <typename... A>
float fold_float(A... arguments) {
  return static_cast<float>(fold<A...>(arguments...) >> 44);
}

#if defined(__x86_64__)
template <typename... A>
__attribute__((ms_abi)) uint64_t fold_ms(A... arguments) {
  return fold<A...>(arguments...);
}
template <typename... A>
__attribute__((ms_abi)) double fold_double_ms(A... arguments) {
  return fold_double<A...>(arguments...);
}
#endif

template <typename... A>
void agrees_with_the_compiler() {
  const uint64_t wanted = fold_made<A...>(std::index_sequence_for<A...>{});
  const auto address = [](auto* function) { return reinterpret_cast<void*>(function); };
  CHECK((call_planned<uint64_t, A...>(abi::make_plan, address(&fold<A...>)) == wanted));
  CHECK((call_planned<double, A...>(abi::make_plan, address(&fold_double<A...>)) ==
         static_cast<double>(wanted >> 12)));
  CHECK((call_planned<float, A...>(abi::make_plan, address(&fold_float<A...>)) ==
         static_cast<float>(wanted >> 44)));
#if defined(__x86_64__)
  CHECK((call_planned<uint64_t, A...>(abi::win64::make_plan, address(&fold_ms<A...>)) == wanted));
  CHECK((call_planned<double, A...>(abi::win64::make_plan, address(&fold_double_ms<A...>)) ==
         static_cast<double>(wanted >> 12)));
#endif
}

// The same type repeated, up to kCount times: each number of arguments is checked.
template <typename T, size_t>
using Repeat = T;
template <typename T, size_t... kIndex>
void repeated(std::index_sequence<kIndex...>) {
  agrees_with_the_compiler<Repeat<T, kIndex>...>();
}
template <typename T, size_t... kCount>
void repeated_up_to(std::index_sequence<kCount...>) {
  (repeated<T>(std::make_index_sequence<kCount>{}), ...);
}

template <typename First, typename Second, size_t... kIndex>
void alternating(std::index_sequence<kIndex...>) {
  agrees_with_the_compiler<std::conditional_t<kIndex % 2 == 0, First, Second>...>();
}

void signatures_agree_with_the_compiler() {
  using Counts = std::make_index_sequence<21>;
  repeated_up_to<int32_t>(Counts{});
  repeated_up_to<double>(Counts{});
  repeated_up_to<uint8_t>(Counts{});
  repeated_up_to<float>(Counts{});
  repeated_up_to<void*>(Counts{});
  alternating<int32_t, double>(std::make_index_sequence<40>{});
  alternating<double, int8_t>(std::make_index_sequence<40>{});
  alternating<float, uint64_t>(std::make_index_sequence<33>{});
  alternating<bool, int16_t>(std::make_index_sequence<24>{});
  alternating<int64_t, float>(std::make_index_sequence<90>{});
  agrees_with_the_compiler<int8_t, uint16_t, float, double, bool, int64_t, void*, float, uint32_t,
                           int16_t, double, double, double, double, double, double, double, int8_t,
                           float, uint8_t, int32_t>();
}

void the_limit_of_stack_words_is_an_error() {
  const std::vector<const Type*> fits(abi::kMaxStackWords + 4, find_type("int32"));
  const std::vector<const Type*> many(abi::kMaxStackWords * 2 + 100, find_type("int32"));
  CHECK(bool(abi::make_plan({fits, find_type("void")})));
  Result<abi::Plan> refused = abi::make_plan({many, find_type("void")});
  CHECK(!refused && refused.error().code == ErrorCode::kTooManyArguments);
}

void a_void_argument_is_an_error() {
  const std::vector<const Type*> types = {find_type("void")};
  Result<abi::Plan> refused = abi::make_plan({types, find_type("void")});
  CHECK(!refused && refused.error().code == ErrorCode::kInvalidArgument);
}

}  // namespace

void test_abi() {
  signatures_agree_with_the_compiler();
  the_limit_of_stack_words_is_an_error();
  a_void_argument_is_an_error();
}
