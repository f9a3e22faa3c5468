#pragma once

#include <node_api.h>

#include <memory>

#include "crypto/hasher.h"

namespace nearfar::addon {

// What a hasher object of JavaScript owns, together with the work that feeds it in the background.
struct SharedHasher {
  explicit SharedHasher(crypto::Hasher hasher) : hasher(std::move(hasher)) {}

  crypto::Hasher hasher;
  bool is_busy = false;   // Work in the background has it.
  bool is_ended = false;  // Its digest was taken.
};

using HasherHandle = std::shared_ptr<SharedHasher>;

// The hasher of an object, ready to be used; null, with an exception pending, for any other value
// and for one that is busy or ended.
HasherHandle to_hasher(napi_env env, napi_value value);

}  // namespace nearfar::addon
