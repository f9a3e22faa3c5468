#pragma once

#ifndef WIN32_LEAN_AND_MEAN
#define WIN32_LEAN_AND_MEAN
#endif
#include <windows.h>

#include <string>
#include <utility>

#include "core/result.h"

namespace nearfar::platform {

// A handle that is ours to close.
class WindowsHandle {
 public:
  WindowsHandle() = default;
  explicit WindowsHandle(HANDLE value) : value_(value == INVALID_HANDLE_VALUE ? nullptr : value) {}
  WindowsHandle(WindowsHandle&& other) noexcept : value_(std::exchange(other.value_, nullptr)) {}
  WindowsHandle& operator=(WindowsHandle&& other) noexcept {
    std::swap(value_, other.value_);
    return *this;
  }
  ~WindowsHandle() {
    if (value_ != nullptr) CloseHandle(value_);
  }

  HANDLE get() const { return value_; }
  explicit operator bool() const { return value_ != nullptr; }

 private:
  HANDLE value_ = nullptr;
};

// Of the last call that failed.
inline Error windows_error(const char* function) {
  return {ErrorCode::kInternal,
          std::string(function) + " failed with error " + std::to_string(GetLastError())};
}

}  // namespace nearfar::platform
