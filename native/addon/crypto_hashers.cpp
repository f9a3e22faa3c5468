#include <new>

#include "addon/crypto_background.h"
#include "addon/crypto_digests.h"
#include "addon/crypto_hasher.h"
#include "addon/crypto_input.h"
#include "napi/napi.h"

// Digests of what comes in pieces, and HMAC. Hashers are wrapped objects, tagged so that no other
// object passes for one.
namespace nearfar::addon {
namespace {

constexpr napi_type_tag kHasherTag = {0x6e656172666172ULL, 0x6861736865727331ULL};

void destroy(node_api_basic_env, void* handle, void*) { delete static_cast<HasherHandle*>(handle); }

napi_value wrap_hasher(napi_env env, Result<crypto::Hasher> made) {
  if (!made) return napi::throw_error(env, made.error());
  auto handle =
      std::make_unique<HasherHandle>(std::make_shared<SharedHasher>(std::move(made.value())));
  napi_value object = napi::make_object(env);
  if (object == nullptr || !napi::check(env, napi_type_tag_object(env, object, &kHasherTag)) ||
      !napi::check(env, napi_wrap(env, object, handle.get(), destroy, nullptr, nullptr))) {
    return nullptr;
  }
  static_cast<void>(handle.release());  // The object owns it from here on.
  return object;
}

// createHasher() -> hasher; createHasher(key: string | view) -> hasher of an HMAC
napi_value create_hasher(napi_env env, napi_callback_info info) {
  const napi::Arguments<1> arguments(env, info);
  crypto::Digest* digest = arguments.data<Digests>().requested(env);
  if (digest == nullptr) return nullptr;
  if (napi::is_nullish(env, arguments[0])) {
    return wrap_hasher(env, crypto::Hasher::make(digest->handle()));
  }
  CryptoInput key;
  if (!key.read(env, arguments[0])) return nullptr;
  return wrap_hasher(env, crypto::Hasher::make_keyed(digest->handle(), key.bytes()));
}

// updateHasher(hasher, string | view)
napi_value update_hasher(napi_env env, napi_callback_info info) {
  const napi::Arguments<2> arguments(env, info);
  const HasherHandle shared = to_hasher(env, arguments[0]);
  if (shared == nullptr) return nullptr;
  CryptoInput input;
  if (!input.read(env, arguments[1])) return nullptr;
  if (!shared->hasher.update(input.bytes())) napi::throw_error(env, shared->hasher.error());
  return nullptr;
}

// finishHasher(hasher, out view): as many bytes as are requested
napi_value finish_hasher(napi_env env, napi_callback_info info) {
  const napi::Arguments<2> arguments(env, info);
  const HasherHandle shared = to_hasher(env, arguments[0]);
  if (shared == nullptr) return nullptr;
  const size_t size = arguments.data<Digests>().size();
  if (!shared->hasher.algorithm().has_size(size)) {
    return napi::throw_error(env, ErrorCode::kInvalidArgument, "the digest has another size");
  }
  std::byte* out = to_output(env, arguments[1], size);
  if (out == nullptr) return nullptr;
  shared->is_ended = true;
  if (!shared->hasher.finish(out, size)) napi::throw_error(env, shared->hasher.error());
  return nullptr;
}

// copyHasher(hasher) -> hasher
napi_value copy_hasher(napi_env env, napi_callback_info info) {
  const napi::Arguments<1> arguments(env, info);
  const HasherHandle shared = to_hasher(env, arguments[0]);
  return shared == nullptr ? nullptr : wrap_hasher(env, shared->hasher.copy());
}

// hmacInto(key, data, out view): HMAC at once, of strings or views
napi_value hmac_into(napi_env env, napi_callback_info info) {
  const napi::Arguments<3> arguments(env, info);
  Digests& digests = arguments.data<Digests>();
  crypto::Digest* digest = digests.requested(env);
  if (digest == nullptr) return nullptr;
  Result<crypto::Hasher> hasher = [&]() -> Result<crypto::Hasher> {
    CryptoInput key;
    if (!key.read(env, arguments[0])) return Error{};
    return crypto::Hasher::make_keyed(digest->handle(), key.bytes());
  }();
  if (!hasher) {
    const bool is_thrown = hasher.error().code == ErrorCode::kOk;
    return is_thrown ? nullptr : napi::throw_error(env, hasher.error());
  }
  CryptoInput data;
  if (!data.read(env, arguments[1])) return nullptr;
  std::byte* out = to_output(env, arguments[2], digests.size());
  if (out == nullptr) return nullptr;
  if (!hasher.value().update(data.bytes()) || !hasher.value().finish(out, digests.size())) {
    return napi::throw_error(env, hasher.value().error());
  }
  return nullptr;
}

}  // namespace

HasherHandle to_hasher(napi_env env, napi_value value) {
  bool is_hasher = false;
  void* handle = nullptr;
  if (napi_check_object_type_tag(env, value, &kHasherTag, &is_hasher) != napi_ok || !is_hasher) {
    napi::throw_error(env, ErrorCode::kInvalidArgument, "the value is not a hasher");
    return nullptr;
  }
  if (!napi::check(env, napi_unwrap(env, value, &handle))) return nullptr;
  HasherHandle shared = *static_cast<HasherHandle*>(handle);
  if (!shared->is_busy && !shared->is_ended) return shared;
  napi::throw_error(env, ErrorCode::kInvalidArgument, "the hasher is in use, or at its end");
  return nullptr;
}

bool register_hashers(napi_env env, napi_value object, Digests& digests) {
  return napi::set_function(env, object, "createHasher", create_hasher, &digests) &&
         napi::set_function(env, object, "updateHasher", update_hasher, &digests) &&
         napi::set_function(env, object, "finishHasher", finish_hasher, &digests) &&
         napi::set_function(env, object, "copyHasher", copy_hasher, &digests) &&
         napi::set_function(env, object, "hmacInto", hmac_into, &digests) &&
         napi::set_function(env, object, "updateInBackground", update_in_background, &digests) &&
         napi::set_function(env, object, "updateFromFile", update_from_file, &digests);
}

}  // namespace nearfar::addon
