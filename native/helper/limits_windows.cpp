#include "helper/limits.h"

namespace nearfar::helper {

bool has_limits() { return false; }

std::optional<std::string> set_limits(const Limits&) { return {}; }

}  // namespace nearfar::helper
