#include "addon/crypto_digests.h"
#include "addon/crypto_keys.h"
#include "addon/environment.h"
#include "crypto/signature_api.h"
#include "napi/napi.h"

// Digests and signatures for src/crypto.
namespace nearfar::addon {
namespace {

using AddFunctions = bool (*)(napi_env, napi_value, Environment&);

// A capability is an object with its functions, or the sentence that says why it is missing.
bool set_capability(napi_env env, napi_value exports, const char* name, const Error* problem,
                    AddFunctions add_functions, Environment& environment) {
  if (problem != nullptr) {
    return napi::set(env, exports, name, napi::from_utf8(env, problem->detail));
  }
  napi_value object = napi::make_object(env);
  return object != nullptr && add_functions(env, object, environment) &&
         napi::set(env, exports, name, object);
}

template <typename Api>
const Error* problem_of(const Result<Api>& api) {
  return api ? nullptr : &api.error();
}

}  // namespace

bool register_crypto(napi_env env, napi_value exports, Environment& environment) {
  napi_value object = napi::make_object(env);
  const Error* no_digests = problem_of(crypto::digest_api());
  const Error* no_signatures = problem_of(crypto::signature_api());
  return set_capability(env, object, "digests", no_digests, register_digests, environment) &&
         set_capability(env, object, "signatures", no_signatures, register_keys, environment) &&
         napi::set(env, exports, "crypto", object);
}

}  // namespace nearfar::addon
