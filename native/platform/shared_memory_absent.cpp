#if !defined(__linux__)
#include "platform/shared_memory.h"

// Calls in a helper process are there on Linux only so far.
namespace nearfar::platform {

SharedMemory::SharedMemory(SharedMemory&&) noexcept = default;
SharedMemory& SharedMemory::operator=(SharedMemory&&) noexcept = default;
SharedMemory::~SharedMemory() = default;

Result<SharedMemory> SharedMemory::create(size_t) {
  return Error{ErrorCode::kNotSupported, "memory shared with a helper is there on Linux only"};
}

Result<SharedMemory> SharedMemory::create_private(size_t) { return create(0).error(); }
Result<SharedMemory> SharedMemory::mirror(uint64_t, size_t) { return create(0).error(); }

Result<SharedMemory> SharedMemory::open(int, uint64_t, size_t) { return create(0).error(); }

}  // namespace nearfar::platform
#endif
