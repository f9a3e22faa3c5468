#if defined(__linux__)
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <utility>

#include "platform/shared_memory.h"

namespace nearfar::platform {

SharedMemory::SharedMemory(SharedMemory&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)), bytes_(std::exchange(other.bytes_, {})) {}

SharedMemory& SharedMemory::operator=(SharedMemory&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  std::swap(bytes_, other.bytes_);
  return *this;
}

namespace {

Error system_error(ErrorCode code, const char* what) {
  return {code, std::string(what) + ": " + std::strerror(errno)};
}

void* map(int descriptor, uint64_t address, size_t bytes) {
  const int sharing = descriptor >= 0 ? MAP_SHARED : MAP_PRIVATE | MAP_ANONYMOUS;
  const int flags = sharing | MAP_NORESERVE | (address != 0 ? MAP_FIXED_NOREPLACE : 0);
  void* const hint = reinterpret_cast<void*>(static_cast<uintptr_t>(address));
  return mmap(hint, bytes, PROT_READ | PROT_WRITE, flags, descriptor, 0);
}

// Addresses that neither executables and heaps (from 0x55 TiB), nor libraries and stacks (0x7f),
// nor the shadow memory of sanitizers (below 0x10) take, so that they are free in the other process
// too.
uint64_t random_place() {
  constexpr uint64_t kFirst = 0x2000'0000'0000;
  constexpr uint64_t kRange = 0x2000'0000'0000;
  constexpr uint64_t kStep = 0x1000'0000;
  uint64_t random = 0;
  if (getrandom(&random, sizeof random, 0) != sizeof random) return 0;
  return kFirst + random % (kRange / kStep) * kStep;
}

// Where the other process most likely has room, too; empty if there is none.
std::span<std::byte> map_anywhere(int descriptor, size_t bytes) {
  // The last try is the system's own choice: kernels with small address spaces have no other.
  constexpr int kTries = 8;
  for (int tries = 0; tries <= kTries; ++tries) {
    void* const start = map(descriptor, tries < kTries ? random_place() : 0, bytes);
    if (start != MAP_FAILED) return {static_cast<std::byte*>(start), bytes};
  }
  return {};
}

}  // namespace

Result<SharedMemory> SharedMemory::create_private(size_t bytes) {
  SharedMemory memory(-1, map_anywhere(-1, bytes));
  if (!memory.bytes_.empty()) return memory;
  return system_error(ErrorCode::kOutOfMemory, "mapping memory");
}

Result<SharedMemory> SharedMemory::mirror(uint64_t address, size_t bytes) {
  return open(-1, address, bytes);
}

Result<SharedMemory> SharedMemory::create(size_t bytes) {
  const int descriptor = memfd_create("nearfar", MFD_CLOEXEC | MFD_ALLOW_SEALING);
  if (descriptor < 0) return system_error(ErrorCode::kNotSupported, "memfd_create");
  SharedMemory memory(descriptor, {});
  constexpr int kSeals = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL;
  if (ftruncate(descriptor, static_cast<off_t>(bytes)) != 0 ||
      fcntl(descriptor, F_ADD_SEALS, kSeals) != 0) {
    return system_error(ErrorCode::kOutOfMemory, "shared memory");
  }
  memory.bytes_ = map_anywhere(descriptor, bytes);
  if (!memory.bytes_.empty()) return memory;
  return system_error(ErrorCode::kOutOfMemory, "mapping shared memory");
}

Result<SharedMemory> SharedMemory::open(int descriptor, uint64_t address, size_t bytes) {
  void* const start = map(descriptor, address, bytes);
  if (start == MAP_FAILED) return system_error(ErrorCode::kOutOfMemory, "mapping shared memory");
  SharedMemory memory(descriptor, {static_cast<std::byte*>(start), bytes});
  // Kernels before 4.17 take the address for a mere hint.
  if (reinterpret_cast<uintptr_t>(start) == address) return memory;
  return Error{ErrorCode::kOutOfMemory, "mapping shared memory: the address is taken"};
}

SharedMemory::~SharedMemory() {
  if (!bytes_.empty()) munmap(bytes_.data(), bytes_.size());
  if (descriptor_ >= 0) close(descriptor_);
}

}  // namespace nearfar::platform
#endif
