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
    {&Limits::memory, RLIMIT_AS},       {&Limits::cpu, RLIMIT_CPU},
    {&Limits::files, RLIMIT_NOFILE},    {&Limits::processes, RLIMIT_NPROC},
    {&Limits::file_size, RLIMIT_FSIZE}, {&Limits::core, RLIMIT_CORE},
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
