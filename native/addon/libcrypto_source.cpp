#include "crypto/libcrypto_source.h"

namespace nearfar::crypto {

// Only the process itself: security fixes arrive with Node, and where it exports no libcrypto,
// node:crypto serves.
const Result<platform::LibraryHandle>& libcrypto() {
  static const Result<platform::LibraryHandle> process = platform::open_library(nullptr);
  return process;
}

}  // namespace nearfar::crypto
