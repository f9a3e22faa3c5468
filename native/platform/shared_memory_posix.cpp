#include <sys/mman.h>
#include <unistd.h>
#if __has_include(<sys/random.h>)
#include <sys/random.h>
#endif

#include <cerrno>
#include <cstring>
#include <string>

#include "platform/mapping_posix.h"
#include "platform/shared_memory.h"

namespace nearfar::platform {

namespace {

Error no_mapping() {
  return {ErrorCode::kOutOfMemory, std::string("mapping memory: ") + std::strerror(errno)};
}

#if defined(MAP_FIXED_NOREPLACE)
constexpr int kNotOver = MAP_FIXED_NOREPLACE;
#else
constexpr int kNotOver = 0;  // An address is a mere hint, then.
#endif

// Addresses that neither executables and heaps (from 0x55 TiB), nor libraries and stacks (0x7f),
// nor the shadow memory of sanitizers (below 0x10) take, so that they are free in the other process
// too.
uint64_t random_place() {
  constexpr uint64_t kFirst = 0x2000'0000'0000;
  constexpr uint64_t kRange = 0x2000'0000'0000;
  constexpr uint64_t kStep = 0x1000'0000;
  uint64_t random = 0;
  if (getentropy(&random, sizeof random) != 0) return 0;
  return kFirst + random % (kRange / kStep) * kStep;
}

}  // namespace

std::span<std::byte> map_at(int descriptor, uint64_t address, size_t bytes) {
  const int sharing = descriptor >= 0 ? MAP_SHARED : MAP_PRIVATE | MAP_ANONYMOUS;
  const int flags = sharing | MAP_NORESERVE | (address != 0 ? kNotOver : 0);
  void* const hint = reinterpret_cast<void*>(static_cast<uintptr_t>(address));
  void* const start = mmap(hint, bytes, PROT_READ | PROT_WRITE, flags, descriptor, 0);
  if (start == MAP_FAILED) return {};
  if (address == 0 || start == hint) return {static_cast<std::byte*>(start), bytes};
  // The system took the address for a hint, as Linux did before 4.17: something else is there.
  munmap(start, bytes);
  errno = EEXIST;
  return {};
}

std::span<std::byte> map_anywhere(int descriptor, size_t bytes) {
  // The last try is the system's own choice: kernels with small address spaces have no other.
  constexpr int kTries = 8;
  std::span<std::byte> found;
  for (int tries = 0; tries <= kTries && found.empty(); ++tries) {
    found = map_at(descriptor, tries < kTries ? random_place() : 0, bytes);
  }
  return found;
}

Result<SharedMemory> SharedMemory::create_private(size_t bytes) {
  const std::span<std::byte> range = map_anywhere(-1, bytes);
  if (range.empty()) return no_mapping();
  return SharedMemory(-1, range);
}

Result<SharedMemory> SharedMemory::mirror(uint64_t address, size_t bytes) {
  const std::span<std::byte> range = map_at(-1, address, bytes);
  if (range.empty()) return no_mapping();
  return SharedMemory(-1, range);
}

SharedMemory::~SharedMemory() {
  if (!bytes_.empty()) munmap(bytes_.data(), bytes_.size());
  if (descriptor_ >= 0) close(descriptor_);
}

}  // namespace nearfar::platform
