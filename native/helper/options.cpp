#include "helper/options.h"

#include <charconv>
#include <string_view>

namespace nearfar::helper {
namespace {

constexpr size_t kMostThreads = 4096;

using Apply = bool (*)(Options& options, std::string_view value);

struct Option {
  std::string_view name;
  bool has_value;
  Apply apply;                 // False if the value is not allowed.
  std::string_view allowed{};  // What is.
};

bool set_mode(Options& options, Options::Mode mode) {
  const bool is_first = options.mode == Options::Mode::kNone || options.mode == mode;
  options.mode = mode;
  return is_first;
}

bool read_number(std::string_view text, size_t least, size_t most, size_t& out) {
  size_t number = 0;
  const std::from_chars_result end =
      std::from_chars(text.data(), text.data() + text.size(), number);
  if (end.ec != std::errc{} || end.ptr != text.data() + text.size()) return false;
  out = number;
  return number >= least && number <= most;
}

uint64_t unit_of(char suffix) {
  if (suffix == 'K') return 1 << 10;
  if (suffix == 'M') return 1 << 20;
  return suffix == 'G' ? 1 << 30 : 1;
}

// memory=512M
bool read_limit(Limits& limits, std::string_view text) {
  const size_t equals = text.find('=');
  if (equals == std::string_view::npos) return false;
  std::string_view value = text.substr(equals + 1);
  for (const LimitName& known : kLimitNames) {
    if (known.word != text.substr(0, equals)) continue;
    std::optional<uint64_t>& limit = limits.*known.limit;
    limit.reset();
    if (value == "none") return true;
    const uint64_t unit = value.empty() ? 1 : unit_of(value.back());
    if (unit > 1) value.remove_suffix(1);
    size_t number = 0;
    if (!read_number(value, 0, SIZE_MAX / unit, number)) return false;
    limit = number * unit;
    return true;
  }
  return false;
}

// Several, with commas.
bool read_limits(Options& options, std::string_view text) {
  for (;;) {
    const size_t comma = text.find(',');
    if (!read_limit(options.sandbox.limits, text.substr(0, comma))) return false;
    if (comma == std::string_view::npos) return true;
    text.remove_prefix(comma + 1);
  }
}

// 1000:1000
bool read_user(Options& options, std::string_view text) {
  const size_t colon = text.find(':');
  if (colon == std::string_view::npos) return false;
  constexpr size_t kMost = UINT32_MAX - 1;  // The highest means "leave it" to the system.
  size_t id = 0;
  size_t group = 0;
  if (!read_number(text.substr(0, colon), 0, kMost, id)) return false;
  if (!read_number(text.substr(colon + 1), 0, kMost, group)) return false;
  options.user = User{static_cast<uint32_t>(id), static_cast<uint32_t>(group)};
  return true;
}

constexpr Option kOptions[] = {
    {"--help", false,
     [](Options& options, std::string_view) {
       options.mode = Options::Mode::kHelp;
       return true;
     }},
    {"--version", false,
     [](Options& options, std::string_view) {
       options.mode = Options::Mode::kVersion;
       return true;
     }},
    {"--server", false,
     [](Options& options, std::string_view) { return set_mode(options, Options::Mode::kServer); },
     "given without --socket"},
    {"--socket", true,
     [](Options& options, std::string_view value) {
       options.socket = value;
       return !value.empty() && set_mode(options, Options::Mode::kSocket);
     },
     "a path, and given without --server"},
    {"--log-level", true,
     [](Options& options, std::string_view value) {
       options.log_level = find_log_level(value);
       return options.log_level.has_value();
     },
     "error, warn, info or debug"},
    {"--compat", false,
     [](Options& options, std::string_view) { return options.is_compatible = true; }},
    {"--duplex", false,
     [](Options& options, std::string_view) { return options.is_duplex = true; }},
    {"--max-line", true,
     [](Options& options, std::string_view value) {
       return read_number(value, 0, SIZE_MAX, options.max_line);
     },
     "a number of bytes, or 0 for no limit"},
    {"--sandbox", true,
     [](Options& options, std::string_view value) {
       const std::optional<Profile> profile = find_profile(value);
       if (profile) options.sandbox.profile = *profile;
       return profile.has_value();
     },
     "none, compute, read-only or network"},
    {"--allow-read", true,
     [](Options& options, std::string_view value) {
       options.sandbox.readable.emplace_back(value);
       return !value.empty();
     },
     "a path"},
    {"--limit", true, read_limits,
     "memory, cpu, files, processes, file-size or core, \"=\", and a number (K, M and G are "
     "understood) or none"},
    {"--user", true, read_user, "the numbers of a user and a group, such as 1000:1000"},
    {"--sandbox-support", false,
     [](Options& options, std::string_view) {
       options.mode = Options::Mode::kSupport;
       return true;
     }},
    {"--threads", true,
     [](Options& options, std::string_view value) {
       return read_number(value, 1, kMostThreads, options.threads);
     },
     "an integer from 1 to 4096"},
};

const Option* find_option(std::string_view name) {
  for (const Option& option : kOptions) {
    if (option.name == name) return &option;
  }
  return nullptr;
}

}  // namespace

const char kHelp[] =
    "Usage: nearfar-helper --server | --socket PATH [options]\n"
    "\n"
    "Loads native libraries and calls their functions for another process, which a crash does\n"
    "not reach. Requests and answers are lines of JSON: docs/helper-protocol.md.\n"
    "\n"
    "  --server           serve stdin and stdout\n"
    "  --socket PATH      serve a Unix socket, one client at each connection\n"
    "  --log-level LEVEL  error, warn (default), info or debug, on stderr; before FFI_LOG_LEVEL\n"
    "  --compat           answer in the shapes of the original ffi-helper program\n"
    "  --duplex           stdin is a socket: answers go to it, and stdout stays the libraries'\n"
    "  --max-line BYTES   refuse longer requests (default 67108864; 0 for no limit)\n"
    "  --threads N        most requests done at a time besides those in order (default 64)\n"
    "  --sandbox PROFILE  none (default), compute, read-only or network: what libraries may do, "
    "once\n"
    "                     they are loaded and called; with --server only\n"
    "  --allow-read PATH  may be read under read-only and network; may be repeated\n"
    "  --limit NAME=N     memory (1G), cpu (3600 s), files (256), processes (4096), file-size "
    "(64M)\n"
    "                     or core (0); or =none; several with commas\n"
    "  --user UID:GID     become that user, which takes root (or CAP_SETUID and CAP_SETGID); with\n"
    "                     --server only\n"
    "  --sandbox-support  print as JSON what this system's kernel can do\n"
    "  --version          print the versions of package and protocol\n"
    "  --help             show this text\n"
    "\n"
    "Exit codes: 0 done, 1 it cannot serve, 2 wrong usage\n";

std::optional<Options> read_options(std::span<char* const> arguments, std::string& problem) {
  Options options;
  for (size_t index = 0; index < arguments.size(); ++index) {
    const std::string_view argument = arguments[index];
    const size_t equals = argument.find('=');
    const std::string_view name = argument.substr(0, equals);
    const Option* option = find_option(name);
    if (option == nullptr || (!option->has_value && equals != std::string_view::npos)) {
      problem = "unknown option " + std::string(argument);
      return {};
    }
    std::string_view value;
    if (equals != std::string_view::npos) {
      value = argument.substr(equals + 1);
    } else if (option->has_value) {
      if (++index == arguments.size()) {
        problem = std::string(name) + " needs a value";
        return {};
      }
      value = arguments[index];
    }
    if (!option->apply(options, value)) {
      problem = std::string(name) + " must be " + std::string(option->allowed);
      if (option->has_value) problem += ", got " + std::string(value);
      return {};
    }
  }
  const bool is_sandboxed = options.sandbox.profile != Profile::kNone;
  if (is_sandboxed && options.mode == Options::Mode::kSocket) {
    problem = "--sandbox needs --server: one client and its descriptors";
    return {};
  }
  if (options.user && options.mode == Options::Mode::kSocket) {
    problem = "--user needs --server: the socket would stay the first user's";
    return {};
  }
  return options;
}

}  // namespace nearfar::helper
