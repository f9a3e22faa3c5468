#if defined(__linux__) && !defined(NEARFAR_PORTABLE)
#include <fcntl.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "platform/child_process_posix.h"

// Linux has descriptors of processes, and lets a process have a look at its children's memory.
namespace nearfar::platform {

int watch_process(pid_t id) {
  // Closed on exec, always.
  return static_cast<int>(syscall(SYS_pidfd_open, id, 0));
}

namespace {

Result<size_t> copied(const char* what, ssize_t count) {
  if (count >= 0) return static_cast<size_t>(count);
  if (errno == EFAULT) return size_t{0};
  return Error{ErrorCode::kNotSupported, std::string(what) + ": " + std::strerror(errno)};
}

iovec range_at(uint64_t address, size_t bytes) {
  return {reinterpret_cast<void*>(static_cast<uintptr_t>(address)), bytes};
}

}  // namespace

Result<size_t> ChildProcess::read_memory(uint64_t address, std::span<std::byte> target) const {
  const iovec local = {target.data(), target.size()};
  const iovec remote = range_at(address, target.size());
  return copied("process_vm_readv", process_vm_readv(id(), &local, 1, &remote, 1, 0));
}

Result<size_t> ChildProcess::write_memory(uint64_t address,
                                          std::span<const std::byte> source) const {
  const iovec local = {const_cast<std::byte*>(source.data()), source.size()};
  const iovec remote = range_at(address, source.size());
  return copied("process_vm_writev", process_vm_writev(id(), &local, 1, &remote, 1, 0));
}

}  // namespace nearfar::platform
#endif
