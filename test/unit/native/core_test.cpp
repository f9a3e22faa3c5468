#include <cstring>
#include <set>
#include <string>

#include "check.h"
#include "core/errors.h"
#include "core/result.h"
#include "core/types.h"

using namespace nearfar;

static void types_have_the_sizes_of_the_compiler() {
  CHECK(find_type("bool")->size == sizeof(bool));
  CHECK(find_type("char")->size == sizeof(char));
  CHECK(find_type("char")->is_signed == (static_cast<char>(-1) < 0));
  CHECK(find_type("int16")->size == sizeof(int16_t));
  CHECK(find_type("uint64")->size == sizeof(uint64_t));
  CHECK(find_type("float32")->size == sizeof(float));
  CHECK(find_type("float64")->size == sizeof(double));
  CHECK(find_type("pointer")->size == sizeof(void*));
#if defined(NEARFAR_HAS_EXTENDED)
  CHECK(find_type("extended")->size == sizeof(long double));
#else
  CHECK(find_type("extended") == nullptr);
#endif
  CHECK(find_type("int") == nullptr);
  CHECK(find_type("") == nullptr);
}

static void every_error_code_has_a_name_of_its_own() {
  std::set<std::string> names;
  const int last = static_cast<int>(ErrorCode::kInternal);
  for (int code = 0; code <= last; ++code) {
    names.insert(error_code_name(static_cast<ErrorCode>(code)));
  }
  CHECK(names.size() == static_cast<size_t>(last) + 1);
}

static void a_result_holds_a_value_or_an_error() {
  const Result<int> good(5);
  const Result<int> bad(Error{ErrorCode::kInvalidArgument, "why"});
  CHECK(good && good.value() == 5);
  CHECK(!bad && bad.error().code == ErrorCode::kInvalidArgument && bad.error().detail == "why");
}

void test_core() {
  types_have_the_sizes_of_the_compiler();
  every_error_code_has_a_name_of_its_own();
  a_result_holds_a_value_or_an_error();
}
