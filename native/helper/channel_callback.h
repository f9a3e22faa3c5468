#pragma once

#include <atomic>
#include <vector>

#include "helper/channel.h"

namespace nearfar::helper {

// A C function pointer that leads to the client.
struct Channel::Callback {
  Channel& channel;
  uint32_t id = 0;
  ThreadPolicy policy = ThreadPolicy::kBlock;
  uint32_t stack_words = 0;
  std::vector<abi::Reference> references;
  uint32_t result_bytes = 0;             // Of a result in memory that the caller provides, or 0.
  uint32_t result_offset = 0;            // In Registers, of the address of that memory.
  std::atomic<void*> closure = nullptr;  // Null once released.
};

}  // namespace nearfar::helper
