#pragma once

#include <cstdint>

#if defined(_WIN32)
#ifndef WIN32_LEAN_AND_MEAN
#define WIN32_LEAN_AND_MEAN
#endif
#include <windows.h>
#else
#include <cerrno>
#endif

// The error number that the system keeps for each thread: errno, or GetLastError on Windows.
// Inline, because every call that captures it pays for it.
namespace nearfar::platform {

inline int32_t error_number() {
#if defined(_WIN32)
  return static_cast<int32_t>(GetLastError());
#else
  return errno;
#endif
}

inline void set_error_number(int32_t number) {
#if defined(_WIN32)
  SetLastError(static_cast<DWORD>(number));
#else
  errno = number;
#endif
}

}  // namespace nearfar::platform
