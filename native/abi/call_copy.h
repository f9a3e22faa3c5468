#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "abi/abi.h"

// The call of a closure, copied for whoever runs it when its caller has gone on.
namespace nearfar::abi {

// An argument that the convention passes by reference: its value is the caller's.
struct Reference {
  uint32_t offset;  // Of the address, in Registers.
  uint32_t bytes;   // Of the value.
};

std::vector<Reference> find_references(const Plan& plan, const Signature& signature);

// Registers without their stack words, then `stack_words` of these, then the values of the
// references, to which the addresses in the copy lead. What other pointers lead to stays where it
// is. Stays valid where the vector is moved.
std::vector<uint64_t> copy_call(const Registers& registers, const uint64_t* stack,
                                uint32_t stack_words, std::span<const Reference> references);

inline constexpr size_t kRegisterWords = offsetof(Registers, stack) / sizeof(uint64_t);

}  // namespace nearfar::abi
