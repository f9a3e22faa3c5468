#pragma once

#include <cstdint>
#include <optional>
#include <string>

// Who the process is to the system. One file per system.
namespace nearfar::helper {

struct User {
  uint32_t id;
  uint32_t group;
};

// Whether this process has the right to become another user.
bool may_switch_user();

// Becomes another user for good, without the groups of the first: before there are threads. What is
// wrong, or nothing.
std::optional<std::string> switch_user(const User& user);

}  // namespace nearfar::helper
