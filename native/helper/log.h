#pragma once

#include <optional>
#include <string>
#include <string_view>

// Lines on stderr: "ffi-helper: [LEVEL] message".
namespace nearfar::helper {

enum class LogLevel { kError, kWarn, kInfo, kDebug };

// Empty for a word that is no level.
std::optional<LogLevel> find_log_level(std::string_view word);

// What is less important than this is left out. Once, before there are threads.
void set_log_level(LogLevel level);
bool is_logged(LogLevel level);

void log(LogLevel level, const std::string& message);

}  // namespace nearfar::helper
