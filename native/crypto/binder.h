#pragma once

#include <string>

#include "core/result.h"
#include "crypto/libcrypto_source.h"

namespace nearfar::crypto {

// Binds functions of libcrypto by name and remembers the first failure.
class Binder {
 public:
  Binder() {
    if (!libcrypto()) problem_ = libcrypto().error().detail;
  }

  template <typename Function>
  void bind(Function*& target, const char* name) {
    if (!problem_.empty()) return;
    const Result<void*> found = platform::find_symbol(libcrypto().value(), name);
    if (!found) {
      problem_ = std::string("libcrypto in this process has no ") + name;
      return;
    }
    target = reinterpret_cast<Function*>(found.value());
  }

  Error error() const { return {ErrorCode::kCryptoUnavailable, problem_}; }
  bool failed() const { return !problem_.empty(); }

 private:
  std::string problem_;
};

}  // namespace nearfar::crypto
