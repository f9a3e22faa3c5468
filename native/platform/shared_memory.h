#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

#include "core/result.h"

namespace nearfar::platform {

// Memory that this process shares with a helper, at the same address in both, so that pointers into
// it need no translation. Its size is sealed: a helper that shrinks the file beneath it would end
// us by SIGBUS. Unmapped and closed by the destructor.
class SharedMemory {
 public:
  // New memory, all zero, which takes up room only where it is touched. kOutOfMemory, or
  // kNotSupported where the system has no such memory.
  static Result<SharedMemory> create(size_t bytes);

  // The memory of another process, by an inherited descriptor and where that process has it.
  // kOutOfMemory if something else is mapped there already.
  static Result<SharedMemory> open(int descriptor, uint64_t address, size_t bytes);

  // Memory of this process alone, for where nothing can be shared: new, or at the address where
  // another process has its own. Both copy what the other is to see. It has no descriptor.
  static Result<SharedMemory> create_private(size_t bytes);
  static Result<SharedMemory> mirror(uint64_t address, size_t bytes);

  SharedMemory() = default;
  SharedMemory(SharedMemory&& other) noexcept
      : descriptor_(std::exchange(other.descriptor_, -1)),
        bytes_(std::exchange(other.bytes_, {})) {}
  SharedMemory& operator=(SharedMemory&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    std::swap(bytes_, other.bytes_);
    return *this;
  }
  ~SharedMemory();

  std::span<std::byte> bytes() const { return bytes_; }
  int descriptor() const { return descriptor_; }  // -1 if there is none.

 private:
  SharedMemory(int descriptor, std::span<std::byte> bytes)
      : descriptor_(descriptor), bytes_(bytes) {}

  int descriptor_ = -1;
  std::span<std::byte> bytes_;
};

}  // namespace nearfar::platform
