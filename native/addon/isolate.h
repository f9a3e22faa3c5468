#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <unordered_map>

#include "platform/shared_memory.h"

namespace nearfar::addon {

class HelperHandle;

// What an environment has of helper processes. The memory belongs to its ArrayBuffers, the
// processes to JavaScript, which closes them; the rest ends with the environment.
struct Isolates {
  std::unordered_map<const std::byte*, std::unique_ptr<platform::SharedMemory>> memory;
  std::unordered_map<uint32_t, HelperHandle*> helpers;  // By handles that are not used again.
  uint32_t last_helper = 0;
};

}  // namespace nearfar::addon
