#include "addon/crypto_keys.h"

#include <memory>
#include <new>

#include "addon/crypto_input.h"
#include "crypto/key.h"
#include "napi/napi.h"

// Keys are wrapped objects, tagged so that no other object passes for one, and freed with them.
namespace nearfar::addon {
namespace {

constexpr napi_type_tag kKeyTag = {0x6e656172666172ULL, 0x63727970746f6b31ULL};

void destroy(node_api_basic_env, void* key, void*) { delete static_cast<crypto::Key*>(key); }

napi_value wrap_key(napi_env env, Result<crypto::Key> read) {
  if (!read) return napi::throw_error(env, read.error());
  std::unique_ptr<crypto::Key> key(new (std::nothrow) crypto::Key(std::move(read.value())));
  if (key == nullptr) return napi::throw_error(env, ErrorCode::kOutOfMemory, "no memory for a key");
  napi_value object = napi::make_object(env);
  if (object == nullptr || !napi::check(env, napi_type_tag_object(env, object, &kKeyTag)) ||
      !napi::check(env, napi_wrap(env, object, key.get(), destroy, nullptr, nullptr))) {
    return nullptr;
  }
  key.release();  // The object owns it from here on.
  return object;
}

const crypto::Key* to_key(napi_env env, napi_value value) {
  bool is_key = false;
  void* key = nullptr;
  if (napi_check_object_type_tag(env, value, &kKeyTag, &is_key) != napi_ok || !is_key) {
    napi::throw_error(env, ErrorCode::kInvalidArgument, "the value is not a key");
    return nullptr;
  }
  if (!napi::check(env, napi_unwrap(env, value, &key))) return nullptr;
  return static_cast<const crypto::Key*>(key);
}

// readPrivateKey(pkcs8 DER) -> key
napi_value read_private_key(napi_env env, napi_callback_info info) {
  const napi::Arguments<1> arguments(env, info);
  const std::optional<std::span<std::byte>> der = napi::to_bytes(env, arguments[0]);
  return der ? wrap_key(env, crypto::Key::read_private(*der)) : nullptr;
}

// readPublicKey(spki DER) -> key
napi_value read_public_key(napi_env env, napi_callback_info info) {
  const napi::Arguments<1> arguments(env, info);
  const std::optional<std::span<std::byte>> der = napi::to_bytes(env, arguments[0]);
  return der ? wrap_key(env, crypto::Key::read_public(*der)) : nullptr;
}

// sign(key, string | view, out view) -> bytes written
napi_value sign(napi_env env, napi_callback_info info) {
  const napi::Arguments<3> arguments(env, info);
  const crypto::Key* key = to_key(env, arguments[0]);
  if (key == nullptr) return nullptr;
  CryptoInput input;
  if (!input.read(env, arguments[1])) return nullptr;
  const std::optional<std::span<std::byte>> out = napi::to_bytes(env, arguments[2]);
  if (!out) return nullptr;
  if (!key->is_private() || out->size() < crypto::kMaxSignatureBytes) {
    return napi::throw_error(env, ErrorCode::kInvalidArgument, "sign needs a private key and room");
  }
  const Result<size_t> length = key->sign(input.bytes(), out->data());
  if (!length) return napi::throw_error(env, length.error());
  return napi::from_double(env, static_cast<double>(length.value()));
}

// verify(key, string | view, signature view) -> boolean
napi_value verify(napi_env env, napi_callback_info info) {
  const napi::Arguments<3> arguments(env, info);
  const crypto::Key* key = to_key(env, arguments[0]);
  if (key == nullptr) return nullptr;
  CryptoInput input;
  if (!input.read(env, arguments[1])) return nullptr;
  const std::optional<std::span<std::byte>> signature = napi::to_bytes(env, arguments[2]);
  if (!signature) return nullptr;
  const Result<bool> verified = key->verify(input.bytes(), *signature);
  if (!verified) return napi::throw_error(env, verified.error());
  return napi::from_bool(env, verified.value());
}

}  // namespace

bool register_keys(napi_env env, napi_value object) {
  return napi::set_function(env, object, "readPrivateKey", read_private_key, nullptr) &&
         napi::set_function(env, object, "readPublicKey", read_public_key, nullptr) &&
         napi::set_function(env, object, "sign", sign, nullptr) &&
         napi::set_function(env, object, "verify", verify, nullptr);
}

}  // namespace nearfar::addon
