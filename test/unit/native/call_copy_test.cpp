#include "abi/call_copy.h"

#include <cstddef>
#include <cstring>
#include <utility>

#include "check.h"

// Copies of calls for those who run them later. Plans are made by hand: not every convention passes
// anything by reference.
using namespace nearfar;

namespace {

constexpr uint32_t kLargeBytes = 20;  // Not a whole number of words.

abi::Placement in_register(size_t index, bool by_reference) {
  const auto offset = static_cast<uint32_t>(offsetof(abi::Registers, gp) + index * 8);
  return {.by_reference = by_reference, .pieces = {{.from = 0, .size = 8, .offset = offset}}};
}

struct LargeCall {
  abi::Plan plan;
  std::vector<abi::Value> types = {{.size = 8}, {.size = kLargeBytes}, {.size = 8}, {.size = 3}};
  abi::Value nothing;

  LargeCall() {
    for (size_t index = 0; index < types.size(); ++index) {
      plan.arguments.push_back(in_register(index, index % 2 == 1));
    }
  }

  std::vector<abi::Reference> references() const {
    return abi::find_references(plan, {.arguments = types, .result = nothing});
  }
};

void references_are_those_that_the_plan_passes_so() {
  const std::vector<abi::Reference> found = LargeCall().references();
  if (!CHECK(found.size() == 2)) return;
  CHECK(found[0].offset == offsetof(abi::Registers, gp) + 8 && found[0].bytes == kLargeBytes);
  CHECK(found[1].offset == offsetof(abi::Registers, gp) + 24 && found[1].bytes == 3);
}

void a_copy_has_values_of_its_own() {
  unsigned char large[kLargeBytes];
  unsigned char small[3];
  std::memset(large, 7, sizeof large);
  std::memset(small, 9, sizeof small);
  abi::Registers registers = {};
  registers.gp[0] = 42;
  registers.gp[1] = reinterpret_cast<uintptr_t>(large);
  registers.gp[3] = reinterpret_cast<uintptr_t>(small);
  const uint64_t stack[] = {5, 6};
  std::vector<uint64_t> made = abi::copy_call(registers, stack, 2, LargeCall().references());
  std::memset(large, 0, sizeof large);
  std::memset(small, 0, sizeof small);
  const std::vector<uint64_t> image = std::move(made);

  const auto* const copy = reinterpret_cast<const abi::Registers*>(image.data());
  CHECK(copy->gp[0] == 42);
  CHECK(image[abi::kRegisterWords] == 5 && image[abi::kRegisterWords + 1] == 6);
  const auto* const large_copy = reinterpret_cast<const unsigned char*>(copy->gp[1]);
  const auto* const small_copy = reinterpret_cast<const unsigned char*>(copy->gp[3]);
  bool all = true;
  for (uint32_t at = 0; at < kLargeBytes; ++at) all = all && large_copy[at] == 7;
  for (uint32_t at = 0; at < sizeof small; ++at) all = all && small_copy[at] == 9;
  CHECK(all);
  CHECK(image.size() == abi::kRegisterWords + 2 + 3 + 1);
}

}  // namespace

void test_call_copies() {
  references_are_those_that_the_plan_passes_so();
  a_copy_has_values_of_its_own();
}
