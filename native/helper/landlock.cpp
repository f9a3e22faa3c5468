#if defined(__linux__)
#include "helper/landlock.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstring>

#include "helper/newer_system_calls.h"

// Structures are written out, because headers are often older than the kernel: landlock(7).
namespace nearfar::helper {
namespace {

constexpr uint32_t kVersionFlag = 1;
constexpr int kPathBeneath = 1;

struct RulesetAttributes {
  uint64_t files;
  uint64_t network;
  uint64_t scoped;
};

// Packed as the kernel has it.
struct [[gnu::packed]] PathAttributes {
  uint64_t allowed;
  int32_t parent;
};

constexpr uint64_t kExecute = 1 << 0;
constexpr uint64_t kReadFile = 1 << 2;
constexpr uint64_t kReadDirectory = 1 << 3;
constexpr uint64_t kAbstractSockets = 1 << 0;
constexpr uint64_t kSignals = 1 << 1;

// Every right that a version knows: 13 in the first, then renaming across directories, truncating,
// and ioctl of devices.
uint64_t all_file_rights(int version) {
  uint64_t rights = (1 << 13) - 1;
  if (version >= 2) rights |= 1 << 13;
  if (version >= 3) rights |= 1 << 14;
  if (version >= 5) rights |= 1 << 15;
  return rights;
}

bool allow_reading(int rules, const std::string& path, std::string& problem) {
  const int file = open(path.c_str(), O_PATH | O_CLOEXEC);
  if (file < 0) {
    problem = path + ": " + strerror(errno);
    return false;
  }
  struct stat state {};
  const bool is_directory = fstat(file, &state) == 0 && S_ISDIR(state.st_mode);
  const PathAttributes attributes{
      .allowed = kExecute | kReadFile | (is_directory ? kReadDirectory : 0), .parent = file};
  const bool is_added = syscall(SYS_landlock_add_rule, rules, kPathBeneath, &attributes, 0) == 0;
  if (!is_added) problem = path + ": " + strerror(errno);
  close(file);
  return is_added;
}

}  // namespace

int landlock_version() {
  const long version = syscall(SYS_landlock_create_ruleset, nullptr, 0, kVersionFlag);
  return version > 0 ? static_cast<int>(version) : 0;
}

int make_reading_rules(const std::vector<std::string>& paths, std::string& problem) {
  const int version = landlock_version();
  const RulesetAttributes attributes{.files = all_file_rights(version),
                                     .network = 0,
                                     .scoped = version >= 6 ? kAbstractSockets | kSignals : 0};
  const int rules =
      static_cast<int>(syscall(SYS_landlock_create_ruleset, &attributes, sizeof attributes, 0));
  if (rules < 0) {
    problem = strerror(errno);
    return -1;
  }
  for (const std::string& path : paths) {
    if (allow_reading(rules, path, problem)) continue;
    close(rules);
    return -1;
  }
  return rules;
}

bool restrict_thread(int rules) { return syscall(SYS_landlock_restrict_self, rules, 0) == 0; }

}  // namespace nearfar::helper
#endif
