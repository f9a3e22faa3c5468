#include <sys/resource.h>

#include <cerrno>
#include <cstring>

#include "helper/limits.h"

namespace nearfar::helper {
namespace {

struct Resource {
  std::optional<uint64_t> Limits::*limit;
  int number;
};

constexpr Resource kResources[] = {
#if !defined(__APPLE__)
    // Each process of macOS has hundreds of GiB of address space that it shares with all others,
    // and the system refuses less.
    {&Limits::memory, RLIMIT_AS},
#endif
    {&Limits::cpu, RLIMIT_CPU},         {&Limits::files, RLIMIT_NOFILE},
    {&Limits::processes, RLIMIT_NPROC}, {&Limits::file_size, RLIMIT_FSIZE},
    {&Limits::core, RLIMIT_CORE},
};

}  // namespace

bool has_limits() { return true; }

std::optional<std::string> set_limits(const Limits& limits) {
  for (const Resource& resource : kResources) {
    const std::optional<uint64_t> wanted = limits.*resource.limit;
    if (!wanted) continue;
    rlimit current{};
    if (getrlimit(resource.number, &current) != 0) return strerror(errno);
    if (current.rlim_max <= *wanted) continue;
    const rlimit lowered{.rlim_cur = *wanted, .rlim_max = *wanted};
    if (setrlimit(resource.number, &lowered) != 0) {
      return std::string("a limit cannot be set: ") + strerror(errno);
    }
  }
  return {};
}

}  // namespace nearfar::helper
