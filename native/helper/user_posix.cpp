#include <grp.h>
#include <unistd.h>
#if defined(__linux__)
#include <linux/capability.h>
#include <sys/syscall.h>
#endif

#include <cerrno>
#include <cstring>

#include "helper/user.h"

namespace nearfar::helper {
namespace {

std::string explain(const User& user, const char* step) {
  return "--user " + std::to_string(user.id) + ":" + std::to_string(user.group) + ": " + step +
         ": " + strerror(errno);
}

// Not even by a set-user-ID that was saved.
bool is(const User& user) {
  return getuid() == user.id && geteuid() == user.id && getgid() == user.group &&
         getegid() == user.group;
}

}  // namespace

bool may_switch_user() {
#if defined(__linux__)
  // The C library has no function for this; see capget(2).
  __user_cap_header_struct header{.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
  __user_cap_data_struct sets[_LINUX_CAPABILITY_U32S_3] = {};
  if (syscall(SYS_capget, &header, sets) != 0) return false;
  constexpr uint32_t kNeeded = 1U << CAP_SETUID | 1U << CAP_SETGID;
  return (sets[0].effective & kNeeded) == kNeeded;
#else
  return geteuid() == 0;
#endif
}

std::optional<std::string> switch_user(const User& user) {
  if (!may_switch_user()) {
    return "--user needs the right to switch users: root, or CAP_SETUID and CAP_SETGID";
  }
  // The user comes last: with it the right to do the others goes.
  if (setgroups(0, nullptr) != 0) return explain(user, "setgroups");
  if (setgid(user.group) != 0) return explain(user, "setgid");
  if (setuid(user.id) != 0) return explain(user, "setuid");
  if (!is(user)) return explain(user, "the system kept another user");
  // Root that has switched keeps nothing; a user with the two rights alone keeps them otherwise.
  if (user.id != 0 && setuid(0) == 0) return explain(user, "the way back to root is open");
  return {};
}

}  // namespace nearfar::helper
