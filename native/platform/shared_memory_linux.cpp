#if defined(__linux__) && !defined(NEARFAR_PORTABLE)
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>

#include "platform/mapping_posix.h"
#include "platform/shared_memory.h"

namespace nearfar::platform {
namespace {

Error system_error(ErrorCode code, const char* what) {
  return {code, std::string(what) + ": " + std::strerror(errno)};
}

}  // namespace

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
  const std::span<std::byte> range = map_at(descriptor, address, bytes);
  if (range.empty()) return system_error(ErrorCode::kOutOfMemory, "mapping shared memory");
  return SharedMemory(descriptor, range);
}

}  // namespace nearfar::platform
#endif
