#if !defined(_WIN32) && (!defined(__linux__) || defined(NEARFAR_PORTABLE))
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>

#include "platform/child_process_posix.h"
#include "platform/library.h"

// POSIX alone: a thread waits for the process and tells of its end by a pipe.
namespace nearfar::platform {
namespace {

constexpr size_t kWatchStackBytes = 64 * 1024;

struct Watched {
  pid_t id;
  int told;  // The end of a pipe that gets a byte when the process has ended.
};

void* wait_for_end(void* data) {
  const std::unique_ptr<Watched> watched(static_cast<Watched*>(data));
  siginfo_t info;
  // Not reaped by that: until its owner does so, its number is its own, and can be killed.
  while (waitid(P_PID, static_cast<id_t>(watched->id), &info, WEXITED | WNOWAIT) != 0 &&
         errno == EINTR) {
  }
  // Not only closed, which says nothing if another process has inherited this end.
  static_cast<void>(!write(watched->told, "", 1));
  close(watched->told);
  return nullptr;
}

// The error number, or 0.
int start_thread_for(std::unique_ptr<Watched> watched) {
  // The thread may end after whoever has loaded this module.
  if (!pin_module(reinterpret_cast<const void*>(&wait_for_end))) return ENOMEM;
  pthread_attr_t attributes;
  if (const int failure = pthread_attr_init(&attributes); failure != 0) return failure;
  pthread_attr_setstacksize(&attributes, kWatchStackBytes);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  // Signals are for other threads.
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  pthread_t thread;
  const int failure = pthread_create(&thread, &attributes, wait_for_end, watched.get());
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  pthread_attr_destroy(&attributes);
  if (failure == 0) static_cast<void>(watched.release());
  return failure;
}

Error no_memory_access() {
  return {ErrorCode::kNotSupported, "the memory of a process is its own on this system"};
}

}  // namespace

int watch_process(pid_t id) {
  int ends[2];
  if (pipe(ends) != 0) return -1;
  for (const int end : ends) fcntl(end, F_SETFD, FD_CLOEXEC);
  const int failure =
      start_thread_for(std::make_unique<Watched>(Watched{.id = id, .told = ends[1]}));
  if (failure == 0) return ends[0];
  for (const int end : ends) close(end);
  errno = failure;
  return -1;
}

Result<size_t> ChildProcess::read_memory(uint64_t, std::span<std::byte>) const {
  return no_memory_access();
}

Result<size_t> ChildProcess::write_memory(uint64_t, std::span<const std::byte>) const {
  return no_memory_access();
}

}  // namespace nearfar::platform
#endif
