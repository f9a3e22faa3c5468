#include "addon/crypto_background.h"
#include "addon/crypto_digests.h"
#include "addon/crypto_hasher.h"
#include "addon/crypto_input.h"
#include "napi/napi.h"

// Digests of what comes in pieces, and HMAC. JavaScript knows hashers by their index in a table: as
// wrapped objects with a tag, each use would take 250 ns to see that it is one, and each new one 4
// us to be collected.
namespace nearfar::addon {
namespace {

// An error without a code stands for an exception that is pending.
napi_value throw_unless_pending(napi_env env, const Error& error) {
  return error.code == ErrorCode::kOk ? nullptr : napi::throw_error(env, error);
}

napi_value add_hasher(napi_env env, Digests& digests, Result<crypto::Hasher> made) {
  if (!made) return throw_unless_pending(env, made.error());
  if (digests.free_hashers.empty()) {
    digests.free_hashers.push_back(static_cast<uint32_t>(digests.hashers.size()));
    digests.hashers.emplace_back();
  }
  const uint32_t index = digests.free_hashers.back();
  digests.hashers[index] = std::make_shared<SharedHasher>(std::move(made.value()));
  digests.free_hashers.pop_back();
  return napi::from_double(env, index);
}

// The hasher of an index; null, with an exception pending, if there is none.
HasherHandle find_hasher(napi_env env, const Digests& digests, napi_value value) {
  const std::optional<uint32_t> index = napi::to_uint32(env, value);
  if (!index) return nullptr;
  if (*index < digests.hashers.size() && digests.hashers[*index] != nullptr) {
    return digests.hashers[*index];
  }
  napi::throw_error(env, ErrorCode::kInvalidArgument, "no hasher has this index");
  return nullptr;
}

// The digest that is requested or, if `key` is not undefined, its HMAC.
Result<crypto::Hasher> make_hasher(napi_env env, Digests& digests, napi_value key) {
  crypto::Digest* digest = digests.requested(env);
  if (digest == nullptr) return Error{};
  if (napi::is_nullish(env, key)) return crypto::Hasher::make(digest->handle());
  CryptoInput input;
  if (!input.read(env, key)) return Error{};
  return crypto::Hasher::make_keyed(digest->handle(), input.bytes());
}

// createHasher() -> hasher; createHasher(key: string | view) -> hasher of an HMAC
napi_value create_hasher(napi_env env, napi_callback_info info) {
  const napi::Arguments<1> arguments(env, info);
  Digests& digests = arguments.data<Digests>();
  return add_hasher(env, digests, make_hasher(env, digests, arguments[0]));
}

// restartHasher(hasher, key?): one whose digest was taken begins anew, as createHasher does it
napi_value restart_hasher(napi_env env, napi_callback_info info) {
  const napi::Arguments<2> arguments(env, info);
  Digests& digests = arguments.data<Digests>();
  const HasherHandle shared = find_hasher(env, digests, arguments[0]);
  if (shared == nullptr) return nullptr;
  if (shared->hasher) {
    return napi::throw_error(env, ErrorCode::kInvalidArgument, "the hasher is in use");
  }
  Result<crypto::Hasher> made = make_hasher(env, digests, arguments[1]);
  if (!made) return throw_unless_pending(env, made.error());
  shared->hasher.emplace(std::move(made.value()));
  return nullptr;
}

// updateHasher(hasher, string | view)
napi_value update_hasher(napi_env env, napi_callback_info info) {
  const napi::Arguments<2> arguments(env, info);
  const HasherHandle shared = to_hasher(env, arguments.data<Digests>(), arguments[0]);
  if (shared == nullptr) return nullptr;
  CryptoInput input;
  if (!input.read(env, arguments[1])) return nullptr;
  if (!shared->hasher->update(input.bytes())) napi::throw_error(env, shared->hasher->error());
  return nullptr;
}

// finishHasher(hasher, out view): as many bytes as are requested
napi_value finish_hasher(napi_env env, napi_callback_info info) {
  const napi::Arguments<2> arguments(env, info);
  const HasherHandle shared = to_hasher(env, arguments.data<Digests>(), arguments[0]);
  if (shared == nullptr) return nullptr;
  const size_t size = arguments.data<Digests>().size();
  if (!shared->hasher->algorithm().has_size(size)) {
    return napi::throw_error(env, ErrorCode::kInvalidArgument, "the digest has another size");
  }
  std::byte* out = to_output(env, arguments[1], size);
  if (out == nullptr) return nullptr;
  if (!shared->hasher->finish(out, size)) napi::throw_error(env, shared->hasher->error());
  shared->hasher.reset();
  return nullptr;
}

// releaseHasher(hasher)
napi_value release_hasher(napi_env env, napi_callback_info info) {
  const napi::Arguments<1> arguments(env, info);
  Digests& digests = arguments.data<Digests>();
  if (find_hasher(env, digests, arguments[0]) == nullptr) return nullptr;
  const uint32_t index = *napi::to_uint32(env, arguments[0]);
  digests.hashers[index] = nullptr;  // Work that has it keeps it.
  digests.free_hashers.push_back(index);
  return nullptr;
}

// copyHasher(hasher) -> hasher
napi_value copy_hasher(napi_env env, napi_callback_info info) {
  const napi::Arguments<1> arguments(env, info);
  Digests& digests = arguments.data<Digests>();
  const HasherHandle shared = to_hasher(env, digests, arguments[0]);
  return shared == nullptr ? nullptr : add_hasher(env, digests, shared->hasher->copy());
}

// hmacInto(key, data, out view): HMAC at once, of strings or views
napi_value hmac_into(napi_env env, napi_callback_info info) {
  const napi::Arguments<3> arguments(env, info);
  Digests& digests = arguments.data<Digests>();
  Result<crypto::Hasher> hasher = make_hasher(env, digests, arguments[0]);
  if (!hasher) return throw_unless_pending(env, hasher.error());
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

HasherHandle to_hasher(napi_env env, const Digests& digests, napi_value value) {
  HasherHandle shared = find_hasher(env, digests, value);
  if (shared == nullptr || (!shared->is_busy && shared->hasher)) return shared;
  napi::throw_error(env, ErrorCode::kInvalidArgument, "the hasher is in use, or at its end");
  return nullptr;
}

bool register_hashers(napi_env env, napi_value object, Digests& digests) {
  return napi::set_function(env, object, "createHasher", create_hasher, &digests) &&
         napi::set_function(env, object, "restartHasher", restart_hasher, &digests) &&
         napi::set_function(env, object, "releaseHasher", release_hasher, &digests) &&
         napi::set_function(env, object, "updateHasher", update_hasher, &digests) &&
         napi::set_function(env, object, "finishHasher", finish_hasher, &digests) &&
         napi::set_function(env, object, "copyHasher", copy_hasher, &digests) &&
         napi::set_function(env, object, "hmacInto", hmac_into, &digests) &&
         napi::set_function(env, object, "updateInBackground", update_in_background, &digests) &&
         napi::set_function(env, object, "updateFromFile", update_from_file, &digests);
}

}  // namespace nearfar::addon
