// Systems without seccomp and Landlock: a profile is refused, the limits are what setrlimit takes.
#if !defined(__linux__) || !(defined(__x86_64__) || defined(__aarch64__))

#include "helper/limits.h"
#include "helper/sandbox.h"

namespace nearfar::helper {

SandboxSupport sandbox_support() { return {.has_limits = has_limits()}; }

std::optional<std::string> start_sandbox(const SandboxOptions& options, const StandardStreams&) {
  if (const char* missing = missing_for(options.profile, sandbox_support())) {
    return std::string("--sandbox ") + profile_name(options.profile) + " needs " + missing;
  }
  return set_limits(options.limits);
}

Problem enter_sandbox() { return {}; }

SandboxState sandbox_state() { return {}; }

}  // namespace nearfar::helper

#endif
