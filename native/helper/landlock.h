#pragma once

#include <string>
#include <vector>

namespace nearfar::helper {

// The version of Landlock that the kernel has, or 0 (landlock(7)).
int landlock_version();

// A descriptor of rules under which nothing but these paths, and what lies below them, can be read.
// -1 leaves in `problem` why there is none.
int make_reading_rules(const std::vector<std::string>& paths, std::string& problem);

// Puts the rules over the calling thread for good. False if the kernel refuses.
bool restrict_thread(int rules);

}  // namespace nearfar::helper
