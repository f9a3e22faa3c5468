#if defined(__linux__) && (defined(__x86_64__) || defined(__aarch64__))
#include <dirent.h>
#include <fcntl.h>
#include <linux/seccomp.h>
#include <malloc.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <mutex>

#include "helper/guarded_call.h"
#include "helper/landlock.h"
#include "helper/limits.h"
#include "helper/refusals.h"
#include "helper/sandbox.h"
#include "helper/seccomp_filter.h"
#include "helper/threads.h"

namespace nearfar::helper {
namespace {

#if defined(__GLIBC__)
// Each of malloc's arenas reserves 64 MiB of addresses, which count as memory.
constexpr int kMostArenas = 2;
#endif

// What looking up names and checking certificates reads, and loading libraries for that: where musl
// may not read its list of folders, it looks in none.
constexpr const char* kNetworkPaths[] = {"/etc/resolv.conf", "/etc/hosts", "/etc/nsswitch.conf",
                                         "/etc/host.conf", "/etc/gai.conf", "/etc/services",
                                         "/etc/ssl", "/usr/share/ca-certificates",
                                         // Loaders.
                                         "/etc/ld.so.cache", "/etc/ld-musl-aarch64.path",
                                         "/etc/ld-musl-x86_64.path", "/lib", "/lib64", "/usr/lib"};

struct State {
  std::mutex mutex;
  SandboxOptions options;
  int rules = -1;  // Of Landlock.
  std::atomic<bool> is_entered = false;
};

State& state() {
  static State& state = *new State;
  return state;
}

thread_local bool is_restricted = false;

bool install(const std::vector<sock_filter>& code, unsigned flags) {
  const sock_fprog program{static_cast<unsigned short>(code.size()),
                           const_cast<sock_filter*>(code.data())};
  return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &program) == 0;
}

std::string explain(const char* step) { return std::string(step) + ": " + strerror(errno); }

std::vector<std::string> readable_paths(const SandboxOptions& options) {
  std::vector<std::string> paths = options.readable;
  if (options.profile != Profile::kNetwork) return paths;
  for (const char* path : kNetworkPaths) {
    if (access(path, F_OK) == 0) paths.push_back(path);
  }
  return paths;
}

size_t count_threads() {
  DIR* tasks = opendir("/proc/self/task");
  if (tasks == nullptr) return 0;
  size_t count = 0;
  while (const dirent* entry = readdir(tasks)) count += entry->d_name[0] != '.';
  closedir(tasks);
  return count;
}

// Landlock's rules hold for a thread and those that it starts, not for others.
Problem check_threads() {
  const size_t count = count_threads();
  const size_t own = thread_count() + 1;
  if (count == own) return {};
  if (count < own) {
    return Failure{
        FailureCode::kCallFailed,
        explain("the sandbox cannot be entered without counting threads: /proc/self/task")};
  }
  return Failure{FailureCode::kCallFailed,
                 "the sandbox cannot be entered: libraries have started " +
                     std::to_string(count - own) +
                     " threads while they were loaded, which would keep reading files"};
}

Problem enter_process(State& state) {
  if (state.rules >= 0) {
    if (Problem problem = check_threads()) return problem;
  }
  if (!install(make_call_filter(state.options.profile), SECCOMP_FILTER_FLAG_TSYNC)) {
    return Failure{FailureCode::kCallFailed, explain("the sandbox cannot be entered: seccomp")};
  }
  state.is_entered = true;
  return {};
}

}  // namespace

SandboxSupport sandbox_support() {
  const uint32_t action = SECCOMP_RET_TRAP;
  return {.has_limits = true,
          .has_no_new_privileges = prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) >= 0,
          .has_seccomp = syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) == 0,
          .landlock_version = landlock_version()};
}

std::optional<std::string> start_sandbox(const SandboxOptions& options,
                                         const StandardStreams& streams) {
  state().options = options;
#if defined(__GLIBC__)
  mallopt(M_ARENA_MAX, kMostArenas);
#endif
  if (std::optional<std::string> problem = set_limits(options.limits)) return problem;
  prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  if (options.profile == Profile::kNone) return {};
  if (const char* missing = missing_for(options.profile, sandbox_support())) {
    return std::string("--sandbox ") + profile_name(options.profile) + " needs " + missing;
  }
  if (options.profile != Profile::kCompute) {
    std::string problem;
    state().rules = make_reading_rules(readable_paths(options), problem);
    if (state().rules < 0) return "--allow-read " + problem;
  }
  report_refusals();
  const Guarded guarded{streams.input, streams.output, guarded_return_address()};
  if (!install(make_loading_filter(options.profile, guarded), 0)) return explain("seccomp");
  return {};
}

Problem enter_sandbox() {
  State& current = state();
  if (current.options.profile == Profile::kNone) return {};
  if (!current.is_entered) {
    const std::lock_guard lock(current.mutex);
    if (!current.is_entered) {
      if (Problem problem = enter_process(current)) return problem;
    }
  }
  if (current.rules < 0 || is_restricted) return {};
  if (!restrict_thread(current.rules)) {
    return Failure{FailureCode::kCallFailed, explain("the sandbox cannot be entered: Landlock")};
  }
  is_restricted = true;
  return {};
}

SandboxState sandbox_state() {
  return {.profile = state().options.profile,
          .is_entered = state().is_entered,
          .refusals = list_refusals()};
}

}  // namespace nearfar::helper
#endif
