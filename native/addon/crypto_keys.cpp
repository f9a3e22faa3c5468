#include "addon/crypto_keys.h"

#include <memory>
#include <new>

#include "addon/crypto_input.h"
#include "crypto/key.h"
#include "napi/napi.h"

// Keys and operations are wrapped objects, tagged so that no other object passes for one, and freed
// with them.
namespace nearfar::addon {
namespace {

constexpr napi_type_tag kKeyTag = {0x6e656172666172ULL, 0x63727970746f6b31ULL};
constexpr napi_type_tag kOperationTag = {0x6e656172666172ULL, 0x63727970746f6f31ULL};

template <typename T>
void destroy(node_api_basic_env, void* object, void*) {
  delete static_cast<T*>(object);
}

template <typename T>
napi_value wrap(napi_env env, Result<T> made, const napi_type_tag& tag) {
  if (!made) return napi::throw_error(env, made.error());
  std::unique_ptr<T> owned(new (std::nothrow) T(std::move(made.value())));
  if (owned == nullptr) return napi::throw_error(env, ErrorCode::kOutOfMemory, "no memory");
  napi_value object = napi::make_object(env);
  if (object == nullptr || !napi::check(env, napi_type_tag_object(env, object, &tag)) ||
      !napi::check(env, napi_wrap(env, object, owned.get(), destroy<T>, nullptr, nullptr))) {
    return nullptr;
  }
  owned.release();  // The object owns it from here on.
  return object;
}

template <typename T>
const T* unwrap(napi_env env, napi_value value, const napi_type_tag& tag) {
  bool is_tagged = false;
  void* object = nullptr;
  if (napi_check_object_type_tag(env, value, &tag, &is_tagged) != napi_ok || !is_tagged) {
    napi::throw_error(env, ErrorCode::kInvalidArgument, "the value is not a key");
    return nullptr;
  }
  if (!napi::check(env, napi_unwrap(env, value, &object))) return nullptr;
  return static_cast<const T*>(object);
}

// readPrivateKey(pkcs8 DER) -> key
napi_value read_private_key(napi_env env, napi_callback_info info) {
  const napi::Arguments<1> arguments(env, info);
  const std::optional<std::span<std::byte>> der = napi::to_bytes(env, arguments[0]);
  return der ? wrap(env, crypto::Key::read_private(*der), kKeyTag) : nullptr;
}

// readPublicKey(spki DER) -> key
napi_value read_public_key(napi_env env, napi_callback_info info) {
  const napi::Arguments<1> arguments(env, info);
  const std::optional<std::span<std::byte>> der = napi::to_bytes(env, arguments[0]);
  return der ? wrap(env, crypto::Key::read_public(*der), kKeyTag) : nullptr;
}

// prepareOperation(key, digest, padding, saltLength, encoding, lowS) -> operation
napi_value prepare_operation(napi_env env, napi_callback_info info) {
  const napi::Arguments<6> arguments(env, info);
  const crypto::Key* key = unwrap<crypto::Key>(env, arguments[0], kKeyTag);
  if (key == nullptr) return nullptr;
  std::string digest;
  if (!napi::is_nullish(env, arguments[1])) {
    std::optional<std::string> name = napi::to_string(env, arguments[1]);
    if (!name) return nullptr;
    digest = std::move(*name);
  }
  const std::optional<uint32_t> padding = napi::to_uint32(env, arguments[2]);
  const std::optional<double> salt = padding ? napi::to_double(env, arguments[3]) : std::nullopt;
  const std::optional<uint32_t> encoding = salt ? napi::to_uint32(env, arguments[4]) : std::nullopt;
  bool low_s = false;
  if (!encoding || !napi::check(env, napi_get_value_bool(env, arguments[5], &low_s))) {
    return nullptr;
  }
  Result<crypto::KeyOperation> operation = crypto::KeyOperation::prepare(
      *key, {.digest = digest.empty() ? nullptr : digest.c_str(),
             .padding = static_cast<crypto::RsaPadding>(*padding),
             .salt_length = static_cast<int>(*salt),
             .encoding = static_cast<crypto::EcdsaEncoding>(*encoding),
             .low_s = low_s});
  const double size = operation ? static_cast<double>(operation.value().max_signature_bytes()) : 0;
  const napi_value object = wrap(env, std::move(operation), kOperationTag);
  if (object == nullptr) return nullptr;
  return napi::set(env, object, "signatureBytes", napi::from_double(env, size)) ? object : nullptr;
}

// sign(operation, string | view, out view) -> bytes written
napi_value sign(napi_env env, napi_callback_info info) {
  const napi::Arguments<3> arguments(env, info);
  const crypto::KeyOperation* operation = to_operation(env, arguments[0]);
  if (operation == nullptr) return nullptr;
  CryptoInput input;
  if (!input.read(env, arguments[1])) return nullptr;
  const std::optional<std::span<std::byte>> out = napi::to_bytes(env, arguments[2]);
  if (!out) return nullptr;
  if (!operation->signs() || out->size() < operation->max_signature_bytes()) {
    return napi::throw_error(env, ErrorCode::kInvalidArgument, "sign needs a private key and room");
  }
  const Result<size_t> length = operation->sign(input.bytes(), out->data());
  if (!length) return napi::throw_error(env, length.error());
  return napi::from_double(env, static_cast<double>(length.value()));
}

// verify(operation, string | view, signature view) -> boolean
napi_value verify(napi_env env, napi_callback_info info) {
  const napi::Arguments<3> arguments(env, info);
  const crypto::KeyOperation* operation = to_operation(env, arguments[0]);
  if (operation == nullptr) return nullptr;
  CryptoInput input;
  if (!input.read(env, arguments[1])) return nullptr;
  const std::optional<std::span<std::byte>> signature = napi::to_bytes(env, arguments[2]);
  if (!signature) return nullptr;
  if (operation->signs()) {
    return napi::throw_error(env, ErrorCode::kInvalidArgument, "verify needs a public key");
  }
  const Result<bool> verified = operation->verify(input.bytes(), *signature);
  if (!verified) return napi::throw_error(env, verified.error());
  return napi::from_bool(env, verified.value());
}

}  // namespace

const crypto::KeyOperation* to_operation(napi_env env, napi_value value) {
  return unwrap<crypto::KeyOperation>(env, value, kOperationTag);
}

bool register_keys(napi_env env, napi_value object, Environment& environment) {
  return napi::set_function(env, object, "readPrivateKey", read_private_key, nullptr) &&
         napi::set_function(env, object, "readPublicKey", read_public_key, nullptr) &&
         napi::set_function(env, object, "prepareOperation", prepare_operation, nullptr) &&
         napi::set_function(env, object, "sign", sign, nullptr) &&
         napi::set_function(env, object, "verify", verify, nullptr) &&
         register_batches(env, object, environment);
}

}  // namespace nearfar::addon
