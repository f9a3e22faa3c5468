#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "helper/failure.h"
#include "helper/stream.h"

// What libraries may do besides computing. Two stages: while libraries are loaded they may read
// files; from the first call on, only what the profile says. One file per system.
namespace nearfar::helper {

enum class Profile {
  kNone,      // Whatever the user may.
  kCompute,   // Memory and time.
  kReadOnly,  // And reading named paths.
  kNetwork,   // And connections to hosts.
};

std::optional<Profile> find_profile(std::string_view word);
const char* profile_name(Profile profile);

// Resources of the process, setrlimit(2). Empty: as they are.
struct Limits {
  std::optional<uint64_t> memory;     // Bytes of address space.
  std::optional<uint64_t> cpu;        // Seconds in all.
  std::optional<uint64_t> files;      // Open at a time.
  std::optional<uint64_t> processes;  // Of the user, threads included.
  std::optional<uint64_t> file_size;  // Bytes.
  std::optional<uint64_t> core;       // Bytes of a core dump.
};

struct LimitName {
  std::string_view word;
  std::optional<uint64_t> Limits::*limit;
};
extern const std::array<LimitName, 6> kLimitNames;

// A service with a gibibyte of data, an hour of computing and a few dozen files is well served.
Limits default_limits();

// What the system's kernel can do.
struct SandboxSupport {
  bool has_limits = false;
  bool has_no_new_privileges = false;
  bool has_seccomp = false;
  int landlock_version = 0;  // 0: none.
};
SandboxSupport sandbox_support();

// Why a profile cannot be had here; null if it can.
const char* missing_for(Profile profile, const SandboxSupport& support);

struct SandboxOptions {
  Profile profile = Profile::kNone;
  std::vector<std::string> readable;  // Paths.
  Limits limits = default_limits();
};

// The first stage, for the whole process: before there are threads, and before any library. The
// streams lead to the client, and only this program's own code may use them. What is wrong, or
// nothing.
std::optional<std::string> start_sandbox(const SandboxOptions& options,
                                         const StandardStreams& streams);

// The second stage, for the whole process with the first call, and for each thread that makes
// calls. Without effect when it has been done.
Problem enter_sandbox();

// What the sandbox has refused.
struct Refusal {
  std::string operation;  // A system call's name.
  std::string detail;     // The path that it was for, if any.
  uint64_t count;
};
struct SandboxState {
  Profile profile = Profile::kNone;
  bool is_entered = false;
  std::vector<Refusal> refusals;
};
SandboxState sandbox_state();

}  // namespace nearfar::helper
