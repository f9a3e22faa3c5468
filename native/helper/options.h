#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>

#include "helper/log.h"
#include "helper/sandbox.h"
#include "helper/user.h"

namespace nearfar::helper {

struct Options {
  enum class Mode { kNone, kHelp, kVersion, kSupport, kServer, kSocket };
  Mode mode = Mode::kNone;
  std::string socket;
  std::optional<LogLevel> log_level;
  bool is_compatible = false;
  bool is_duplex = false;              // stdin is a socket that answers go to, too.
  size_t max_line = 64 * 1024 * 1024;  // Bytes; 0 for no limit.
  size_t threads = 64;                 // For concurrent requests.
  std::optional<User> user;            // Who it becomes.
  SandboxOptions sandbox;
};

// Reads the command line; empty leaves what is wrong with it in `problem`.
std::optional<Options> read_options(std::span<char* const> arguments, std::string& problem);

// What each option does.
extern const char kHelp[];

}  // namespace nearfar::helper
