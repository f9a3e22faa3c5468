#include <cstdio>
#include <cstdlib>
#include <string>

#include "helper/json/write.h"
#include "helper/options.h"
#include "helper/process.h"
#include "helper/protocol.h"
#include "helper/server.h"

namespace {

using nearfar::helper::LogLevel;
using nearfar::helper::Options;

constexpr int kCannotServe = 1;
constexpr int kWrongUsage = 2;

LogLevel chosen_log_level(const Options& options) {
  if (options.log_level) return *options.log_level;
  const char* const word = std::getenv("FFI_LOG_LEVEL");
  if (word == nullptr || *word == '\0') return LogLevel::kWarn;
  const std::optional<LogLevel> level = nearfar::helper::find_log_level(word);
  if (level) return *level;
  log(LogLevel::kWarn, "FFI_LOG_LEVEL must be error, warn, info or debug: warn is used");
  return LogLevel::kWarn;
}

bool start(const Options& options, const nearfar::helper::StandardStreams& streams) {
  std::optional<std::string> problem;
  if (options.user) {
    problem = nearfar::helper::switch_user(*options.user);
    // Linux forgets that wish with a change of user.
    nearfar::helper::end_with_parent();
  }
  if (!problem) problem = nearfar::helper::start_sandbox(options.sandbox, streams);
  if (problem) log(LogLevel::kError, *problem);
  return !problem;
}

int serve_standard_streams(nearfar::helper::Pool& pool, const Options& options) {
  const nearfar::helper::StandardStreams streams =
      nearfar::helper::take_standard_streams(options.is_duplex);
  if (!start(options, streams)) return kCannotServe;
  nearfar::helper::serve(streams.input, streams.output, pool, options);
  return 0;
}

void print_support() {
  using nearfar::helper::Profile;
  const nearfar::helper::SandboxSupport support = nearfar::helper::sandbox_support();
  const auto word = [](bool value) { return value ? "true" : "false"; };
  std::printf(
      "{\"limits\":%s,\"noNewPrivileges\":%s,\"seccomp\":%s,\"landlock\":%d,"
      "\"otherUser\":%s,\"missing\":{",
      word(support.has_limits), word(support.has_no_new_privileges), word(support.has_seccomp),
      support.landlock_version, word(nearfar::helper::may_switch_user()));
  const char* separator = "";
  for (const Profile profile : {Profile::kCompute, Profile::kReadOnly, Profile::kNetwork}) {
    const char* missing = missing_for(profile, support);
    std::string text;
    if (missing == nullptr) {
      text = "null";
    } else {
      nearfar::helper::json::write_string(text, missing);
    }
    std::printf("%s\"%s\":%s", separator, profile_name(profile), text.c_str());
    separator = ",";
  }
  std::puts("}}");
}

int run(const Options& options) {
  set_log_level(chosen_log_level(options));
  nearfar::helper::end_with_parent();
  nearfar::helper::report_crashes();
  // Never destroyed: its threads may be in calls that do not return.
  static nearfar::helper::Pool& pool = *new nearfar::helper::Pool(options.threads);
  return options.mode == Options::Mode::kServer ? serve_standard_streams(pool, options)
                                                : serve_socket(pool, options);
}

}  // namespace

int main(int count, char** arguments) {
  std::string problem;
  const std::optional<Options> options = nearfar::helper::read_options(
      {arguments + 1, static_cast<size_t>(count > 0 ? count - 1 : 0)}, problem);
  if (!options) {
    std::fprintf(stderr, "nearfar-helper: %s\n", problem.c_str());
    return kWrongUsage;
  }
  switch (options->mode) {
    case Options::Mode::kNone:
      std::puts(
          "nearfar-helper: serves native calls; run with --server or --socket PATH (--help for "
          "more)");
      return 0;
    case Options::Mode::kHelp:
      std::fputs(nearfar::helper::kHelp, stdout);
      return 0;
    case Options::Mode::kVersion:
      std::printf("nearfar-helper %s, protocol %s\n", NEARFAR_VERSION,
                  nearfar::helper::kProtocolVersion);
      return 0;
    case Options::Mode::kSupport:
      print_support();
      return 0;
    case Options::Mode::kServer:
    case Options::Mode::kSocket:
      nearfar::helper::end_process(run(*options));
  }
}
