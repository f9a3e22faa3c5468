#pragma once

#include <node_api.h>

#include <optional>
#include <span>

#include "fast/pin.h"

namespace nearfar::addon {

// The memory of a Uint8Array or Float64Array, for threads of the pool.
class PinnedMemory {
 public:
  // Empty, with no exception, where the memory cannot be pinned or the view has none. Resizable
  // buffers are for JavaScript to refuse: Node-API cannot tell them.
  static std::optional<PinnedMemory> pin(napi_env env, napi_value view);

  std::span<std::byte> bytes() const { return bytes_; }

 private:
  PinnedMemory(std::span<std::byte> bytes, fast::Pin pin) : bytes_(bytes), pin_(std::move(pin)) {}

  std::span<std::byte> bytes_;
  fast::Pin pin_;  // Null for shared memory, which nothing can take away.
};

}  // namespace nearfar::addon
