#pragma once

#include <node_api.h>

namespace nearfar::addon {

// Adds readPrivateKey, readPublicKey, sign and verify. False leaves an exception pending.
bool register_keys(napi_env env, napi_value object);

}  // namespace nearfar::addon
