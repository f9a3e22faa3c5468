#if defined(__linux__)
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>
#include <vector>

#include "platform/child_process.h"

extern char** environ;

namespace nearfar::platform {

ChildProcess::ChildProcess(ChildProcess&& other) noexcept { *this = std::move(other); }

ChildProcess& ChildProcess::operator=(ChildProcess&& other) noexcept {
  std::swap(id_, other.id_);
  std::swap(descriptor_, other.descriptor_);
  std::swap(end_, other.end_);
  return *this;
}

namespace {

Error failure(const char* what, int number) {
  const ErrorCode code = number == ENOSYS ? ErrorCode::kNotSupported : ErrorCode::kInternal;
  return {code, std::string(what) + ": " + std::strerror(number)};
}

// What a new process begins with: no signal blocked or ignored, whatever Node does.
class Attributes {
 public:
  Attributes() {
    posix_spawnattr_init(&value_);
    sigset_t signals;
    sigemptyset(&signals);
    posix_spawnattr_setsigmask(&value_, &signals);
    sigfillset(&signals);
    posix_spawnattr_setsigdefault(&value_, &signals);
    posix_spawnattr_setflags(&value_, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  }
  ~Attributes() { posix_spawnattr_destroy(&value_); }
  const posix_spawnattr_t* get() const { return &value_; }

 private:
  posix_spawnattr_t value_;
};

// What a new process finds open. Copies come first, beyond all targets, so that none is overwritten
// before it is used.
class Descriptors {
 public:
  Descriptors(int input, std::span<const int> others) {
    posix_spawn_file_actions_init(&actions_);
    constexpr int kFirst = 3;
    const int last = kFirst + static_cast<int>(others.size());
    add(input, STDIN_FILENO, last);
    int target = kFirst;
    for (const int source : others) add(source, target++, last);
    // Node has all of its descriptors closed on exec; to itself means not to (POSIX.1-2024).
    posix_spawn_file_actions_adddup2(&actions_, STDOUT_FILENO, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions_, STDERR_FILENO, STDERR_FILENO);
  }
  ~Descriptors() {
    posix_spawn_file_actions_destroy(&actions_);
    for (const int copy : copies_) close(copy);
  }
  bool is_complete() const { return complete_; }
  const posix_spawn_file_actions_t* get() const { return &actions_; }

 private:
  void add(int source, int target, int beyond) {
    const int copy = fcntl(source, F_DUPFD_CLOEXEC, beyond);
    if (copy < 0) {
      complete_ = false;
      return;
    }
    copies_.push_back(copy);
    posix_spawn_file_actions_adddup2(&actions_, copy, target);
  }

  posix_spawn_file_actions_t actions_;
  std::vector<int> copies_;
  bool complete_ = true;
};

}  // namespace

Result<ChildProcess> ChildProcess::start(const char* path, std::span<const std::string> arguments,
                                         int input, std::span<const int> descriptors) {
  const Descriptors files(input, descriptors);
  if (!files.is_complete()) return failure("descriptors of a process", errno);
  std::vector<char*> list = {const_cast<char*>(path)};
  for (const std::string& argument : arguments) list.push_back(const_cast<char*>(argument.c_str()));
  list.push_back(nullptr);
  pid_t id = 0;
  const int number = posix_spawn(&id, path, files.get(), Attributes().get(), list.data(), environ);
  if (number != 0) return failure(path, number);
  // Nobody else reaps it, so its number is its own until we do.
  const int descriptor = static_cast<int>(syscall(SYS_pidfd_open, id, 0));
  if (descriptor < 0) {
    const int error = errno;
    ::kill(id, SIGKILL);
    waitpid(id, nullptr, 0);
    return failure("pidfd_open", error);
  }
  fcntl(descriptor, F_SETFD, FD_CLOEXEC);
  return ChildProcess(id, descriptor);
}

std::optional<ProcessEnd> ChildProcess::end() {
  if (end_ || id_ == 0) return end_;
  int status = 0;
  const pid_t reaped = waitpid(id_, &status, WNOHANG);
  if (reaped == 0) return {};
  if (reaped == id_ && WIFSIGNALED(status))
    end_ = ProcessEnd{.signal = WTERMSIG(status)};
  else
    end_ = ProcessEnd{.status = reaped == id_ ? WEXITSTATUS(status) : -1};
  return end_;
}

void ChildProcess::kill() {
  if (id_ != 0 && !end_) ::kill(id_, SIGKILL);
}

Result<size_t> ChildProcess::read_memory(uint64_t address, std::span<std::byte> target) const {
  const iovec local = {target.data(), target.size()};
  const iovec remote = {reinterpret_cast<void*>(static_cast<uintptr_t>(address)), target.size()};
  const ssize_t count = process_vm_readv(id_, &local, 1, &remote, 1, 0);
  if (count >= 0) return static_cast<size_t>(count);
  if (errno == EFAULT) return size_t{0};
  return Error{ErrorCode::kNotSupported, std::string("process_vm_readv: ") + std::strerror(errno)};
}

Result<size_t> ChildProcess::write_memory(uint64_t address,
                                          std::span<const std::byte> source) const {
  const iovec local = {const_cast<std::byte*>(source.data()), source.size()};
  const iovec remote = {reinterpret_cast<void*>(static_cast<uintptr_t>(address)), source.size()};
  const ssize_t count = process_vm_writev(id_, &local, 1, &remote, 1, 0);
  if (count >= 0) return static_cast<size_t>(count);
  if (errno == EFAULT) return size_t{0};
  return Error{ErrorCode::kNotSupported, std::string("process_vm_writev: ") + std::strerror(errno)};
}

ChildProcess::~ChildProcess() {
  if (id_ != 0 && !end_) {
    kill();
    waitpid(id_, nullptr, 0);
  }
  if (descriptor_ >= 0) close(descriptor_);
}

}  // namespace nearfar::platform
#endif
