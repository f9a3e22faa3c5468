#include "helper/log.h"

#include <array>

#include "helper/stream.h"

namespace nearfar::helper {
namespace {

struct LevelName {
  std::string_view word;
  std::string_view label;
};

constexpr std::array<LevelName, 4> kLevels = {
    {{"error", "ERROR"}, {"warn", "WARN"}, {"info", "INFO"}, {"debug", "DEBUG"}}};

LogLevel current_level = LogLevel::kWarn;

}  // namespace

std::optional<LogLevel> find_log_level(std::string_view word) {
  for (size_t index = 0; index < kLevels.size(); ++index) {
    if (kLevels[index].word == word) return static_cast<LogLevel>(index);
  }
  return {};
}

void set_log_level(LogLevel level) { current_level = level; }

bool is_logged(LogLevel level) { return level <= current_level; }

void log(LogLevel level, const std::string& message) {
  if (!is_logged(level)) return;
  std::string line = "ffi-helper: [";
  line += kLevels[static_cast<size_t>(level)].label;
  line += "] " + message + "\n";
  // In one piece, so that lines of two threads do not mix. Nobody to tell if it fails.
  (void)write_all(standard_error(), line);
}

}  // namespace nearfar::helper
