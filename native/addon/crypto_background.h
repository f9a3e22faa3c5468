#pragma once

#include <node_api.h>

#include <optional>

#include "addon/background.h"
#include "addon/crypto_hasher.h"

namespace nearfar::addon {

// Work that feeds a hasher, which is busy until then.
struct HasherWork : Background {
  explicit HasherWork(HasherHandle hasher) : shared(std::move(hasher)) { shared->is_busy = true; }
  ~HasherWork() override { shared->is_busy = false; }

  HasherHandle shared;
  std::optional<Error> problem;
};

// updateInBackground(hasher, Uint8Array) -> promise, or undefined where the memory cannot be pinned
napi_value update_in_background(napi_env env, napi_callback_info info);

// updateFromFile(hasher, fd, position, length) -> promise of the bytes read: fewer at the file's
// end
napi_value update_from_file(napi_env env, napi_callback_info info);

}  // namespace nearfar::addon
