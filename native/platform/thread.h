#pragma once

#include <cstddef>

namespace nearfar::platform {

// Starts a thread that nobody joins and names it for debuggers (15 bytes at most). False if the
// system refuses.
bool start_thread(const char* name, void (*body)());

// At least 1.
size_t processor_count();

}  // namespace nearfar::platform
