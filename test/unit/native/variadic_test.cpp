#include <cstdarg>
#include <cstdio>

#include "agreement.h"

// Functions with an ellipsis, which read what is passed by va_arg.
using namespace nearfar;

namespace {

// One letter for each argument: i int, l long long, d double, e long double, p a pair by value.
struct Pair {
  double a;
  int64_t b;
  static auto members() {
    return test::members_at<double, int64_t>(offsetof(Pair, a), offsetof(Pair, b));
  }
};

template <typename T>
uint64_t take(va_list& list, uint64_t digested) {
  const T value = va_arg(list, T);
  return test::digest(test::describe<T>(), &value, digested);
}

uint64_t digest_listed(const char* letters, va_list& list) {
  uint64_t digested = test::digest(test::describe<const char*>(), &letters, test::kStart);
  for (const char* letter = letters; *letter != '\0'; ++letter) {
    if (*letter == 'i') digested = take<int>(list, digested);
    if (*letter == 'l') digested = take<int64_t>(list, digested);
    if (*letter == 'd') digested = take<double>(list, digested);
    if (*letter == 'p') digested = take<Pair>(list, digested);
#if defined(NEARFAR_HAS_EXTENDED)
    if (*letter == 'e') digested = take<long double>(list, digested);
#endif
  }
  return digested;
}

uint64_t digest_arguments(const char* letters, ...) {
  va_list list;
  va_start(list, letters);
  const uint64_t digested = digest_listed(letters, list);
  va_end(list);
  return digested;
}

test::Value value_of(char letter) {
  if (letter == 'i') return test::describe<int>();
  if (letter == 'l') return test::describe<int64_t>();
  if (letter == 'd') return test::describe<double>();
  if (letter == 'p') return test::describe<Pair>();
  return test::describe<long double>();
}

// Calls the function by a plan, with `letters` and an argument for each.
bool arrives(abi::Registers& registers, const char* letters) {
  std::vector<test::Value> values = {test::describe<const char*>()};
  for (const char* letter = letters; *letter != '\0'; ++letter) {
    values.push_back(value_of(*letter));
  }
  const test::Value result = test::describe<uint64_t>();
  const Result<abi::Plan> planned = abi::make_plan({values, result, 1});
  if (!CHECK(bool(planned))) return false;
  std::memset(&registers, 0xa5, sizeof registers);
  std::vector<test::Buffer> memory(values.size());
  uint64_t sent = test::kStart;
  for (size_t index = 0; index < values.size(); ++index) {
    std::byte* bytes = memory[index].bytes;
    if (index == 0) {
      std::memcpy(bytes, &letters, sizeof letters);
    } else {
      test::make_bytes(values[index], index, bytes);
    }
    sent = test::digest(values[index], bytes, sent);
    test::store(registers, planned.value().arguments[index], values[index], bytes);
  }
  planned.value().execute(reinterpret_cast<void*>(&digest_arguments), registers);
  return registers.result_gp[0] == sent;
}

void variadic_arguments_arrive() {
  static abi::Registers registers;
  for (const char* letters :
       {"", "i", "d", "dl", "iiiiiiii", "dddddddddd", "idididididididid", "p", "ipdp", "pppppp"}) {
    if (!CHECK(arrives(registers, letters))) std::printf("  of \"%s\"\n", letters);
  }
#if defined(NEARFAR_HAS_EXTENDED)
  CHECK(arrives(registers, "iededl"));
#endif
}

// The register al says whether floating registers are used; printf believes it.
void printf_formats_doubles() {
  char text[64] = {};
  const char* format = "%g %d %g";
  const std::vector<test::Value> values = {
      test::describe<char*>(),  test::describe<uint64_t>(), test::describe<const char*>(),
      test::describe<double>(), test::describe<int>(),      test::describe<double>()};
  const test::Value result = test::describe<int>();
  const Result<abi::Plan> planned = abi::make_plan({values, result, 3});
  if (!CHECK(bool(planned))) return;
  const auto bytes_of = [](const auto& value) {
    return reinterpret_cast<const std::byte*>(&value);
  };
  const uint64_t size = sizeof text;
  const double numbers[] = {1.5, -0.25};
  const int integer = -7;
  const char* target = text;
  const std::byte* bytes[] = {bytes_of(target),     bytes_of(size),    bytes_of(format),
                              bytes_of(numbers[0]), bytes_of(integer), bytes_of(numbers[1])};
  static abi::Registers registers;
  for (size_t index = 0; index < values.size(); ++index) {
    test::store(registers, planned.value().arguments[index], values[index], bytes[index]);
  }
  planned.value().execute(reinterpret_cast<void*>(&snprintf), registers);
  CHECK(std::strcmp(text, "1.5 -7 -0.25") == 0);
  CHECK(static_cast<int>(registers.result_gp[0]) == 12);
}

}  // namespace

void test_variadics() {
  variadic_arguments_arrive();
  printf_formats_doubles();
}
