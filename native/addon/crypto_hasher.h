#pragma once

#include <node_api.h>

#include <memory>

#include "crypto/hasher.h"

namespace nearfar::addon {

// A hasher that JavaScript has begun, and the work in the background that feeds it.
struct SharedHasher {
  explicit SharedHasher(crypto::Hasher hasher) : hasher(std::move(hasher)) {}

  crypto::Hasher hasher;
  bool is_busy = false;   // Work in the background has it.
  bool is_ended = false;  // Its digest was taken.
};

using HasherHandle = std::shared_ptr<SharedHasher>;

struct Digests;

// The hasher of an index, ready to be used; null, with an exception pending, if there is none or if
// it is busy or ended.
HasherHandle to_hasher(napi_env env, const Digests& digests, napi_value value);

}  // namespace nearfar::addon
