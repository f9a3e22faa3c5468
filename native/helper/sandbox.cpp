#include "helper/sandbox.h"

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define NEARFAR_RESERVES_MEMORY 1
#endif
#elif defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define NEARFAR_RESERVES_MEMORY 1
#endif

namespace nearfar::helper {
namespace {

struct ProfileName {
  std::string_view word;
  Profile profile;
};

constexpr ProfileName kProfiles[] = {{"none", Profile::kNone},
                                     {"compute", Profile::kCompute},
                                     {"read-only", Profile::kReadOnly},
                                     {"network", Profile::kNetwork}};

constexpr uint64_t kMiB = 1024 * 1024;

}  // namespace

const std::array<LimitName, 6> kLimitNames = {{{"memory", &Limits::memory},
                                               {"cpu", &Limits::cpu},
                                               {"files", &Limits::files},
                                               {"processes", &Limits::processes},
                                               {"file-size", &Limits::file_size},
                                               {"core", &Limits::core}}};

std::optional<Profile> find_profile(std::string_view word) {
  for (const ProfileName& known : kProfiles) {
    if (known.word == word) return known.profile;
  }
  return {};
}

const char* profile_name(Profile profile) {
  for (const ProfileName& known : kProfiles) {
    if (known.profile == profile) return known.word.data();
  }
  return "none";
}

Limits default_limits() {
  Limits limits{.memory = 1024 * kMiB,
                .cpu = 3600,
                .files = 256,
                .processes = 4096,
                .file_size = 64 * kMiB,
                .core = 0};
#if defined(NEARFAR_RESERVES_MEMORY)
  limits.memory = {};  // The sanitizer reserves terabytes of addresses for its shadow.
#endif
  return limits;
}

const char* missing_for(Profile profile, const SandboxSupport& support) {
  if (profile == Profile::kNone) return nullptr;
  if (!support.has_seccomp || !support.has_no_new_privileges) {
    return "seccomp filters (Linux on x86-64 or AArch64 with CONFIG_SECCOMP_FILTER)";
  }
  const bool names_paths = profile == Profile::kReadOnly || profile == Profile::kNetwork;
  if (names_paths && support.landlock_version == 0) {
    return "Landlock (Linux 5.13 or later with CONFIG_SECURITY_LANDLOCK, enabled by lsm=)";
  }
  return nullptr;
}

}  // namespace nearfar::helper
