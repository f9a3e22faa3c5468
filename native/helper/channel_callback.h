#pragma once

#include <vector>

#include "abi/closure.h"
#include "helper/channel.h"
#include "helper/closure_entry.h"

namespace nearfar::helper {

// A C function pointer that leads to the client.
struct Channel::Callback {
  explicit Callback(Channel& owner) : channel(owner) {}
  ~Callback() {
    if (closure != nullptr) abi::release_closure(closure);
    if (entry != nullptr) ClosureEntry<const Callback>::give_back(*entry);
  }
  Callback(const Callback&) = delete;
  Callback& operator=(const Callback&) = delete;

  Channel& channel;
  uint32_t id = 0;
  ThreadPolicy policy = ThreadPolicy::kBlock;
  uint32_t stack_words = 0;
  std::vector<abi::Reference> references;
  uint32_t result_bytes = 0;   // Of a result in memory that the caller provides, or 0.
  uint32_t result_offset = 0;  // In Registers, of the address of that memory.
  ClosureEntry<const Callback>* entry = nullptr;
  void* closure = nullptr;
};

}  // namespace nearfar::helper
