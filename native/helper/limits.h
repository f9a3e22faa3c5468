#pragma once

#include <optional>
#include <string>

#include "helper/sandbox.h"

namespace nearfar::helper {

// Whether this system limits the resources of a process.
bool has_limits();

// Lowers the limits of this process for good; one that is lower already stays. What is wrong, or
// nothing.
std::optional<std::string> set_limits(const Limits& limits);

}  // namespace nearfar::helper
