#include "helper/user.h"

namespace nearfar::helper {

bool may_switch_user() { return false; }

std::optional<std::string> switch_user(const User&) { return "--user is not there on this system"; }

}  // namespace nearfar::helper
