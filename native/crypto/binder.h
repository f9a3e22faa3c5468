#pragma once

#include <string>

#include "core/result.h"
#include "platform/library.h"

namespace nearfar::crypto {

// Binds functions of the process image by name and remembers the first failure.
class Binder {
 public:
  Binder() {
    Result<platform::LibraryHandle> process = platform::open_library(nullptr);
    if (process) {
      process_ = process.value();
    } else {
      problem_ = process.error().detail;
    }
  }

  template <typename Function>
  void bind(Function*& target, const char* name) {
    if (!problem_.empty()) return;
    const Result<void*> found = platform::find_symbol(process_, name);
    if (!found) {
      problem_ = std::string("libcrypto in this process has no ") + name;
      return;
    }
    target = reinterpret_cast<Function*>(found.value());
  }

  Error error() const { return {ErrorCode::kCryptoUnavailable, problem_}; }
  bool failed() const { return !problem_.empty(); }

 private:
  platform::LibraryHandle process_ = nullptr;  // The process itself: never closed.
  std::string problem_;
};

}  // namespace nearfar::crypto
