#pragma once

#include <algorithm>
#include <utility>

#include "abi/closure.h"
#include "check.h"
#include "values.h"

// A signature in both directions: a function of it called through a plan, and a closure of it
// called by the compiler. Either side makes its values from seeds and digests what it receives.
namespace test {

using nearfar::Result;
using nearfar::abi::Placement;
using nearfar::abi::Plan;
using nearfar::abi::Registers;

inline constexpr uint64_t kStart = 14695981039346656037u;
inline uint64_t received = 0;  // By the function that was called last.

// Puts an argument in the image, or a result that a closure gives. `bytes` have to outlive the
// call: they may be passed by reference.
void store(Registers& registers, const Placement& placement, const Value& value,
           const std::byte* bytes);

// Takes a result out of the image, or an argument that a closure was given.
void load(const std::byte* image, const Placement& placement, const Value& value, std::byte* bytes);

struct alignas(64) Buffer {
  std::byte bytes[256];
};

struct Types {
  Value result;
  std::vector<Value> arguments;
};

template <typename R, typename... A>
Types types_of() {
  return {describe<R>(), {describe<A>()...}};
}

using Planner = Result<Plan> (*)(const nearfar::abi::Signature&);

// Calls `target` with made-up arguments and checks what it received and returned.
bool agrees_when_called(Planner planner, void* target, const Types& types);

// A closure's side of a signature: digests its arguments, gives back what the digest makes.
struct Listener {
  Types types;
  Plan plan;
  uint64_t received = 0;

  static void handle(void* context, Registers& registers, const uint64_t* stack);
};

template <typename R, typename... A>
struct Shape {
  static R give_back(uint64_t digested) {
    received = digested;
    if constexpr (!std::is_void_v<R>) return make<R>(digested);
  }

  static uint64_t digest_all(const A&... arguments) {
    uint64_t digested = kStart;
    ((digested = digest(describe<A>(), &arguments, digested)), ...);
    return digested;
  }

  static R callee(A... arguments) { return give_back(digest_all(arguments...)); }

#if defined(__x86_64__)
  static R __attribute__((ms_abi)) ms_callee(A... arguments) {
    return give_back(digest_all(arguments...));
  }
#endif

  template <size_t... kIndex>
  static bool agrees_as_closure(std::index_sequence<kIndex...>) {
    Listener listener{.types = types_of<R, A...>(), .plan = {}};
    Result<Plan> plan = nearfar::abi::make_plan({listener.types.arguments, listener.types.result});
    if (!CHECK(bool(plan))) return false;
    listener.plan = plan.value();
    Result<void*> closure = nearfar::abi::make_closure(Listener::handle, &listener, listener.plan);
    if (!CHECK(bool(closure))) return false;
    const auto function = reinterpret_cast<R (*)(A...)>(closure.value());
    const uint64_t sent = digest_all(make<A>(kIndex)...);
    bool same = true;
    if constexpr (std::is_void_v<R>) {
      function(make<A>(kIndex)...);
    } else {
      const R result = function(make<A>(kIndex)...);
      const R wanted = make<R>(sent);
      const Value value = describe<R>();
      same = CHECK(digest(value, &result, kStart) == digest(value, &wanted, kStart));
    }
    nearfar::abi::release_closure(closure.value());
    return CHECK(listener.received == sent) && same;
  }
};

// Win64 lacks the type.
bool has_extended(const Value& value);

// In every convention of this machine and in both directions.
template <typename R, typename... A>
bool agrees() {
  using S = Shape<R, A...>;
  const Types types = types_of<R, A...>();
  bool all =
      agrees_when_called(nearfar::abi::make_plan, reinterpret_cast<void*>(&S::callee), types);
  all = S::agrees_as_closure(std::index_sequence_for<A...>{}) && all;
#if defined(__x86_64__)
  const bool in_win64 =
      !has_extended(types.result) && std::ranges::none_of(types.arguments, has_extended);
  if (in_win64) {
    all = agrees_when_called(nearfar::abi::win64::make_plan, reinterpret_cast<void*>(&S::ms_callee),
                             types) &&
          all;
  }
#endif
  return all;
}

}  // namespace test
