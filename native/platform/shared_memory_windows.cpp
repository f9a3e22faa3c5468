#define _CRT_RAND_S
#include <cstdlib>

#include "platform/shared_memory.h"
#include "platform/windows_handle.h"

namespace nearfar::platform {

namespace {

// Addresses that the system gives to nothing by itself: it begins at both ends.
uint64_t random_place() {
  constexpr uint64_t kFirst = 0x2000'0000'0000;
  constexpr uint64_t kStep = 0x1000'0000;
  constexpr unsigned kSteps = 0x2'0000;
  unsigned random = 0;
  if (rand_s(&random) != 0) return 0;
  return kFirst + random % kSteps * kStep;
}

std::span<std::byte> allocate_at(uint64_t address, size_t bytes) {
  void* const place = reinterpret_cast<void*>(static_cast<uintptr_t>(address));
  void* const start = VirtualAlloc(place, bytes, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
  if (start == nullptr) return {};
  return {static_cast<std::byte*>(start), bytes};
}

Result<SharedMemory> no_memory() {
  Error error = windows_error("VirtualAlloc");
  error.code = ErrorCode::kOutOfMemory;
  return error;
}

}  // namespace

Result<SharedMemory> SharedMemory::create_private(size_t bytes) {
  constexpr int kTries = 8;
  for (int tries = 0; tries < kTries; ++tries) {
    const std::span<std::byte> range = allocate_at(random_place(), bytes);
    if (!range.empty()) return SharedMemory(-1, range);
  }
  return no_memory();
}

Result<SharedMemory> SharedMemory::mirror(uint64_t address, size_t bytes) {
  const std::span<std::byte> range = allocate_at(address, bytes);
  if (range.empty()) return no_memory();
  return SharedMemory(-1, range);
}

SharedMemory::~SharedMemory() {
  if (!bytes_.empty()) VirtualFree(bytes_.data(), 0, MEM_RELEASE);
}

}  // namespace nearfar::platform
