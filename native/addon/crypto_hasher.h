#pragma once

#include <node_api.h>

#include <memory>
#include <optional>

#include "crypto/hasher.h"

namespace nearfar::addon {

// A hasher that JavaScript has begun, and the work in the background that feeds it.
struct SharedHasher {
  explicit SharedHasher(crypto::Hasher hasher) : hasher(std::move(hasher)) {}

  std::optional<crypto::Hasher>
      hasher;            // Empty once its digest was taken: nothing of a key is left.
  bool is_busy = false;  // Work in the background has it.
};

using HasherHandle = std::shared_ptr<SharedHasher>;

struct Digests;

// The hasher of an index, ready to be used; null, with an exception pending, if there is none or if
// it is busy or ended.
HasherHandle to_hasher(napi_env env, const Digests& digests, napi_value value);

}  // namespace nearfar::addon
