#include "addon/environment.h"

namespace nearfar::addon {

bool register_crypto(napi_env, napi_value) { return true; }

}  // namespace nearfar::addon
