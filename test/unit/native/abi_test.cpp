#include "abi/abi.h"

#include "agreement.h"
#include "check.h"

// Scalars: the compiler is the reference.
using namespace nearfar;
using test::agrees;

namespace {

// The same type repeated: each number of arguments is checked.
template <typename T, size_t>
using Repeat = T;
template <typename T, size_t... kIndex>
void repeated(std::index_sequence<kIndex...>) {
  CHECK((agrees<T, Repeat<T, kIndex>...>()));
}
template <typename T, size_t... kCount>
void repeated_up_to(std::index_sequence<kCount...>) {
  (repeated<T>(std::make_index_sequence<kCount>{}), ...);
}

template <typename R, typename First, typename Second, size_t... kIndex>
void alternating(std::index_sequence<kIndex...>) {
  CHECK((agrees<R, std::conditional_t<kIndex % 2 == 0, First, Second>...>()));
}

void signatures_agree_with_the_compiler() {
  using Counts = std::make_index_sequence<15>;
  repeated_up_to<int32_t>(Counts{});
  repeated_up_to<double>(Counts{});
  repeated_up_to<uint8_t>(Counts{});
  repeated_up_to<float>(Counts{});
  repeated_up_to<void*>(Counts{});
  alternating<int64_t, int32_t, double>(std::make_index_sequence<40>{});
  alternating<bool, double, int8_t>(std::make_index_sequence<40>{});
  alternating<float, float, uint64_t>(std::make_index_sequence<33>{});
  alternating<int16_t, bool, int16_t>(std::make_index_sequence<24>{});
  alternating<double, int64_t, float>(std::make_index_sequence<90>{});
  CHECK((agrees<void, int8_t, uint16_t, float, double, bool, int64_t, void*, float, uint32_t,
                int16_t, double, double, double, double, double, double, double, int8_t, float,
                uint8_t, int32_t>()));
}

#if defined(NEARFAR_HAS_EXTENDED)
void long_doubles_agree_with_the_compiler() {
  using L = long double;
  CHECK((agrees<L, L>()));
  CHECK((agrees<L, int32_t, L, double, L, int8_t>()));
  CHECK((agrees<double, int64_t, int64_t, int64_t, int64_t, int64_t, int64_t, int64_t, L, int32_t,
                L, float>()));
  std::vector<test::Value> arguments = {test::describe<L>()};
  CHECK(!abi::win64::make_plan({arguments, test::describe<int>()}));
}
#endif

void the_limit_of_stack_words_is_an_error() {
  const std::vector<test::Value> fits(abi::kMaxStackWords + 4, test::describe<int32_t>());
  const std::vector<test::Value> many(abi::kMaxStackWords * 2 + 100, test::describe<int32_t>());
  CHECK(bool(abi::make_plan({fits, test::describe<void>()})));
  Result<abi::Plan> refused = abi::make_plan({many, test::describe<void>()});
  CHECK(!refused && refused.error().code == ErrorCode::kTooManyArguments);
}

void a_void_argument_is_an_error() {
  const std::vector<test::Value> arguments = {test::describe<void>()};
  Result<abi::Plan> refused = abi::make_plan({arguments, test::describe<void>()});
  CHECK(!refused && refused.error().code == ErrorCode::kInvalidArgument);
}

}  // namespace

void test_abi() {
  signatures_agree_with_the_compiler();
#if defined(NEARFAR_HAS_EXTENDED)
  long_doubles_agree_with_the_compiler();
#endif
  the_limit_of_stack_words_is_an_error();
  a_void_argument_is_an_error();
}
