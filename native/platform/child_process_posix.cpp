#include "platform/child_process_posix.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>
#if defined(__APPLE__)
#include <crt_externs.h>
#endif

#include <cerrno>
#include <cstring>
#include <utility>
#include <vector>

#if !defined(__APPLE__)
extern char** environ;
#endif

namespace nearfar::platform {
namespace {

Error failure(const char* what, int number) {
  const ErrorCode code = number == ENOSYS ? ErrorCode::kNotSupported : ErrorCode::kInternal;
  return {code, std::string(what) + ": " + std::strerror(number)};
}

// macOS hides it from libraries.
char** environment() {
#if defined(__APPLE__)
  return *_NSGetEnviron();
#else
  return environ;
#endif
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
    short flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF;
#if defined(POSIX_SPAWN_CLOEXEC_DEFAULT)
    // Where descriptors cannot be closed on exec from the beginning: none but those below.
    flags |= POSIX_SPAWN_CLOEXEC_DEFAULT;
#endif
    posix_spawnattr_setflags(&value_, flags);
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
    keep(STDOUT_FILENO);
    keep(STDERR_FILENO);
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

  // Node has all of its descriptors closed on exec.
  void keep(int descriptor) {
#if defined(__APPLE__)
    posix_spawn_file_actions_addinherit_np(&actions_, descriptor);
#else
    posix_spawn_file_actions_adddup2(&actions_, descriptor, descriptor);  // POSIX.1-2024
#endif
  }

  posix_spawn_file_actions_t actions_;
  std::vector<int> copies_;
  bool complete_ = true;
};

bool is_readable(int descriptor, int limit_ms) {
  pollfd wanted = {.fd = descriptor, .events = POLLIN, .revents = 0};
  for (;;) {
    const int count = poll(&wanted, 1, limit_ms);
    if (count >= 0 || errno != EINTR) return count > 0;
  }
}

}  // namespace

ChildProcess::ChildProcess() = default;
ChildProcess::ChildProcess(std::unique_ptr<System> system) : system_(std::move(system)) {}
ChildProcess::ChildProcess(ChildProcess&& other) noexcept = default;

ChildProcess& ChildProcess::operator=(ChildProcess&& other) noexcept {
  std::swap(system_, other.system_);
  std::swap(end_, other.end_);
  return *this;
}

Result<ChildProcess> ChildProcess::start(const char* path, std::span<const std::string> arguments,
                                         FileHandle input, std::span<const int> descriptors) {
  const Descriptors files(input, descriptors);
  if (!files.is_complete()) return failure("descriptors of a process", errno);
  std::vector<char*> list = {const_cast<char*>(path)};
  for (const std::string& argument : arguments) list.push_back(const_cast<char*>(argument.c_str()));
  list.push_back(nullptr);
  pid_t id = 0;
  const Attributes attributes;
  const int number =
      posix_spawn(&id, path, files.get(), attributes.get(), list.data(), environment());
  if (number != 0) return failure(path, number);
  // Nobody else reaps it, so its number is its own until we do.
  const int watch = watch_process(id);
  if (watch < 0) {
    const int error = errno;
    ::kill(id, SIGKILL);
    waitpid(id, nullptr, 0);
    return failure("watching a process", error);
  }
  return ChildProcess(std::make_unique<System>(System{.id = id, .watch = watch}));
}

int ChildProcess::id() const { return system_ == nullptr ? 0 : system_->id; }

FileHandle ChildProcess::handle() const { return system_ == nullptr ? -1 : system_->watch; }

bool ChildProcess::has_ended() const { return end_ || is_readable(handle(), 0); }

std::optional<ProcessEnd> ChildProcess::end() {
  if (end_ || system_ == nullptr || !has_ended()) return end_;
  int status = 0;
  const bool is_ours = waitpid(system_->id, &status, 0) == system_->id;
  if (is_ours && WIFSIGNALED(status))
    end_ = ProcessEnd{.signal = WTERMSIG(status)};
  else
    end_ = ProcessEnd{.status = is_ours ? WEXITSTATUS(status) : UINT32_MAX};
  return end_;
}

void ChildProcess::kill() {
  if (system_ != nullptr && !end_) ::kill(system_->id, SIGKILL);
}

ChildProcess::~ChildProcess() {
  if (system_ == nullptr) return;
  if (!end_) {
    kill();
    constexpr int kNoLimit = -1;
    is_readable(system_->watch, kNoLimit);
    waitpid(system_->id, nullptr, 0);
  }
  close(system_->watch);
}

}  // namespace nearfar::platform
