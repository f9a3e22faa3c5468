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
    {"--max-line", true,
     [](Options& options, std::string_view value) {
       return read_number(value, 0, SIZE_MAX, options.max_line);
     },
     "a number of bytes, or 0 for no limit"},
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
    "  --max-line BYTES   refuse longer requests (default 67108864; 0 for no limit)\n"
    "  --threads N        most requests done at a time besides those in order (default 64)\n"
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
  return options;
}

}  // namespace nearfar::helper
