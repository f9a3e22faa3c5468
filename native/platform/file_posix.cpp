#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "platform/file.h"

namespace nearfar::platform {

Result<size_t> read_at(FileHandle file, uint64_t offset, std::span<std::byte> out) {
  for (;;) {
    const ssize_t count = pread(file, out.data(), out.size(), static_cast<off_t>(offset));
    if (count >= 0) return static_cast<size_t>(count);
    if (errno != EINTR) return Error{ErrorCode::kReadFailed, strerror(errno)};
  }
}

}  // namespace nearfar::platform
