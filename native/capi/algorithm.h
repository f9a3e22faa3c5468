#pragma once

#include "crypto/digest_algorithm.h"

namespace nearfar::capi {

// A hash algorithm as the C ABI offers it.
struct Algorithm {
  crypto::DigestAlgorithmHandle digest;
  const char* name;  // The canonical one, in static memory.
  size_t size;       // Bytes; of an extendable output, how much is usual.
};

// By a name in any common spelling ("SHA256", "sha-256", "BLAKE2b"). Kept for good once found. Safe
// to call from any thread.
Result<const Algorithm*> find_algorithm(const char* spelling);

}  // namespace nearfar::capi
