#pragma once

#include "core/result.h"
#include "platform/library.h"

namespace nearfar::crypto {

// The library whose functions all of native/crypto calls; found once, kept for good. Whoever links
// native/crypto defines it: the addon takes only what is in the process (native/addon), the C
// library also loads one (native/capi). Safe to call from any thread.
const Result<platform::LibraryHandle>& libcrypto();

}  // namespace nearfar::crypto
