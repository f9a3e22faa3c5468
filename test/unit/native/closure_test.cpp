#include "abi/closure.h"

#include <atomic>
#include <set>
#include <thread>

#include "agreement.h"

// The life of closures; test::agrees calls them with every kind of signature.
using namespace nearfar;

namespace {

// int64_t f(int64_t): the sum of its argument and of the context.
using Sum = int64_t (*)(int64_t);

abi::Plan plan_of(const test::Types& types) {
  return abi::make_plan({types.arguments, types.result}).value();
}

const abi::Plan& sum_plan() {
  static const abi::Plan plan = plan_of(test::types_of<int64_t, int64_t>());
  return plan;
}

void add(void* context, abi::Registers& registers, const uint64_t*) {
  registers.result_gp[0] = registers.gp[0] + reinterpret_cast<uintptr_t>(context);
}

Sum make_sum(uintptr_t term) {
  Result<void*> made = abi::make_closure(add, reinterpret_cast<void*>(term), sum_plan());
  return CHECK(bool(made)) ? reinterpret_cast<Sum>(made.value()) : nullptr;
}

void release(Sum sum) { abi::release_closure(reinterpret_cast<void*>(sum)); }

void twenty_thousand_closures_are_alive_at_once() {
  constexpr uintptr_t kCount = 20'000;
  std::vector<Sum> sums;
  for (uintptr_t term = 0; term < kCount; ++term) sums.push_back(make_sum(term));
  CHECK(std::set<Sum>(sums.begin(), sums.end()).size() == kCount);
  bool all = true;
  for (uintptr_t term = 0; term < kCount; ++term) {
    all = all && sums[term](3) == static_cast<int64_t>(term) + 3;
  }
  CHECK(all);
  for (const Sum sum : sums) release(sum);
}

// Whatever the result's type: the register it is taken from has to be loaded.
template <typename T>
void a_released_closure_returns_zero() {
  static T result;
  result = test::make<T>(7);
  const test::Types types = test::types_of<T>();
  const auto give = [](void* context, abi::Registers& registers, const uint64_t*) {
    test::store(registers, *static_cast<abi::Placement*>(context), test::describe<T>(),
                reinterpret_cast<const std::byte*>(&result));
  };
  static abi::Plan plan;
  plan = plan_of(types);
  Result<void*> made = abi::make_closure(give, &plan.result, plan);
  if (!CHECK(bool(made))) return;
  const auto function = reinterpret_cast<T (*)()>(made.value());
  const T given = function();
  CHECK(test::digest(types.result, &given, 0) == test::digest(types.result, &result, 0));
  abi::release_closure(made.value());
  const T stale = function();
  const T zero = {};
  CHECK(test::digest(types.result, &stale, 0) == test::digest(types.result, &zero, 0));
}

struct Doubles {
  double values[2];
  static auto members() { return test::members_at<double[2]>(0); }
};

// Only after many others, and then it is: memory does not grow with closures made and released.
void a_pointer_is_used_again_late() {
  const Sum first = make_sum(1);
  release(first);
  size_t others = 0;
  for (; others < 100'000; ++others) {
    const Sum sum = make_sum(2);
    const bool same = sum == first;
    CHECK(!same || sum(1) == 3);
    release(sum);
    if (same) break;
  }
  CHECK(others >= 4096 && others < 100'000);
}

// While one thread makes and releases, seven call: each call gives a sum or, if it is late, zero.
void calls_race_with_releases() {
  constexpr int64_t kTerm = 1'000'000;
  std::atomic<Sum> current = make_sum(kTerm);
  std::atomic<bool> stop = false;
  std::atomic<int> wrong = 0;
  std::atomic<uint64_t> right = 0;
  std::vector<std::thread> callers;
  for (int64_t caller = 1; caller <= 7; ++caller) {
    callers.emplace_back([&, caller] {
      while (!stop) {
        const int64_t sum = current.load()(caller);
        if (sum == kTerm + caller) {
          ++right;
        } else if (sum != 0) {
          ++wrong;
        }
      }
    });
  }
  for (int round = 0; round < 20'000 || right < 1000; ++round) {
    release(current.exchange(make_sum(kTerm)));
  }
  stop = true;
  for (std::thread& caller : callers) caller.join();
  release(current);
  CHECK(wrong == 0);
}

}  // namespace

void test_closures() {
  twenty_thousand_closures_are_alive_at_once();
  a_released_closure_returns_zero<int64_t>();
  a_released_closure_returns_zero<uint8_t>();
  a_released_closure_returns_zero<double>();
  a_released_closure_returns_zero<Doubles>();
#if defined(NEARFAR_HAS_EXTENDED)
  a_released_closure_returns_zero<long double>();
#endif
  a_pointer_is_used_again_late();
  calls_race_with_releases();
}
