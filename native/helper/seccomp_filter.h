#pragma once

#if defined(__linux__)
#include <linux/filter.h>

#include <cstdint>
#include <vector>

#include "helper/sandbox.h"

namespace nearfar::helper {

// Descriptors that lead to the client, and the only place in this program that uses them: the
// address after its system call instruction.
struct Guarded {
  int input;
  int output;
  uint64_t return_address;
};

// System calls for loading libraries under a profile: what the profile allows, reading files, and
// what the second stage takes.
std::vector<sock_filter> make_loading_filter(Profile profile, const Guarded& guarded);

// System calls of a profile.
std::vector<sock_filter> make_call_filter(Profile profile);

// "openat"; null for one that the filters do not know by name.
const char* system_call_name(int number);

// Which argument of a system call is a path, or -1.
int path_argument(int number);

}  // namespace nearfar::helper
#endif
