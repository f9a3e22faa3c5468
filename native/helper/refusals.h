#pragma once

#include <vector>

#include "helper/sandbox.h"

namespace nearfar::helper {

// Has every system call that a filter refuses reported and fail with EPERM.
void report_refusals();

// What was refused so far; equal ones are counted.
std::vector<Refusal> list_refusals();

}  // namespace nearfar::helper
