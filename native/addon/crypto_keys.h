#pragma once

#include <node_api.h>

#include "addon/environment.h"
#include "crypto/key_operation.h"

namespace nearfar::addon {

// Adds the functions of SignatureBinding (src/internal/crypto-binding.ts), those of batches
// included. False leaves an exception pending.
bool register_keys(napi_env env, napi_value object, Environment& environment);
bool register_batches(napi_env env, napi_value object, Environment& environment);

// The operation that an object of prepareOperation wraps; null leaves an exception pending.
const crypto::KeyOperation* to_operation(napi_env env, napi_value value);

}  // namespace nearfar::addon
