#pragma once

#include <cstddef>

namespace nearfar::platform {

// What a main thread has on Linux and macOS: functions that run there should run here, too. The
// systems' own choice for other threads is 512 KiB on macOS, 128 KiB on musl and 1 MiB on Windows.
inline constexpr size_t kThreadStackBytes = 8 * 1024 * 1024;

// Starts a thread that nobody joins and names it for debuggers (15 bytes at most), unless
// the name is null: naming another thread takes a file on Linux. False if the system refuses.
bool start_thread(const char* name, void (*body)());

// At least 1.
size_t processor_count();

}  // namespace nearfar::platform
