#include "abi/call_copy.h"

#include <cstring>

namespace nearfar::abi {
namespace {

size_t words_of(uint32_t bytes) { return (bytes + sizeof(uint64_t) - 1) / sizeof(uint64_t); }

}  // namespace

std::vector<Reference> find_references(const Plan& plan, const Signature& signature) {
  std::vector<Reference> references;
  for (size_t index = 0; index < plan.arguments.size(); ++index) {
    const Placement& placement = plan.arguments[index];
    if (!placement.by_reference) continue;
    references.push_back({placement.pieces[0].offset, signature.arguments[index].size});
  }
  return references;
}

std::vector<uint64_t> copy_call(const Registers& registers, const uint64_t* stack,
                                uint32_t stack_words, std::span<const Reference> references) {
  size_t value = kRegisterWords + stack_words;  // Where the next copy goes.
  size_t words = value;
  for (const Reference& reference : references) words += words_of(reference.bytes);
  std::vector<uint64_t> image(words);
  std::memcpy(image.data(), &registers, kRegisterWords * sizeof(uint64_t));
  std::memcpy(image.data() + kRegisterWords, stack, stack_words * sizeof(uint64_t));
  for (const Reference& reference : references) {
    uint64_t& address = image[reference.offset / sizeof(uint64_t)];
    const void* const original = reinterpret_cast<const void*>(static_cast<uintptr_t>(address));
    std::memcpy(image.data() + value, original, reference.bytes);
    address = reinterpret_cast<uintptr_t>(image.data() + value);
    value += words_of(reference.bytes);
  }
  return image;
}

}  // namespace nearfar::abi
