#if !defined(__linux__) || defined(NEARFAR_PORTABLE)
#include "platform/shared_memory.h"

// Only Linux has memory without a name, whose size the other process cannot change.
namespace nearfar::platform {

Result<SharedMemory> SharedMemory::create(size_t) {
  return Error{ErrorCode::kNotSupported, "memory shared with a helper is there on Linux only"};
}

Result<SharedMemory> SharedMemory::open(int, uint64_t, size_t) { return create(0).error(); }

}  // namespace nearfar::platform
#endif
