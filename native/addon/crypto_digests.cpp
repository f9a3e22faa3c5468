#include "addon/crypto_digests.h"

#include "addon/crypto_input.h"
#include "crypto/encoding.h"
#include "napi/napi.h"

// Digests of one input for src/crypto/native-digests.ts.
namespace nearfar::addon {
namespace {

// fetchDigest(name, size, block size) -> index. The sizes must be what libcrypto says; of an
// extendable output, any size will do.
napi_value fetch_digest(napi_env env, napi_callback_info info) {
  const napi::Arguments<3> arguments(env, info);
  std::vector<crypto::Digest>& fetched = arguments.data<Digests>().fetched;
  const std::optional<std::string> name = napi::to_string(env, arguments[0]);
  if (!name) return nullptr;
  const std::optional<uint32_t> size = napi::to_uint32(env, arguments[1]);
  if (!size) return nullptr;
  const std::optional<uint32_t> block_size = napi::to_uint32(env, arguments[2]);
  if (!block_size) return nullptr;
  Result<crypto::DigestAlgorithmHandle> algorithm = crypto::DigestAlgorithm::fetch(name->c_str());
  if (!algorithm) return napi::throw_error(env, algorithm.error());
  if (!algorithm.value()->has_size(*size) || algorithm.value()->block_size() != *block_size) {
    return napi::throw_error(env, ErrorCode::kInvalidArgument, "the digest has other sizes");
  }
  Result<crypto::Digest> digest = crypto::Digest::make(std::move(algorithm.value()));
  if (!digest) return napi::throw_error(env, digest.error());
  fetched.push_back(std::move(digest.value()));
  return napi::from_double(env, static_cast<double>(fetched.size() - 1));
}

// hash(string | view) -> string, or undefined for a view of no bytes
napi_value hash(napi_env env, napi_callback_info info) {
  const napi::Arguments<1> arguments(env, info);
  Digests& digests = arguments.data<Digests>();
  crypto::Digest* digest = digests.requested(env);
  if (digest == nullptr) return nullptr;
  const size_t size = digests.size();
  if (size > crypto::kMaxDigestBytes || digests.encoding() == kRawDigest) {
    return napi::throw_error(env, ErrorCode::kInvalidArgument, "no text, or too long for it");
  }
  CryptoInput input;
  if (!input.read(env, arguments[0]) || input.is_empty_view()) return nullptr;

  std::byte value[crypto::kMaxDigestBytes];
  if (!digest->hash(input.bytes(), value, size)) return napi::throw_error(env, digest->error());
  char text[crypto::max_encoded_length(crypto::kMaxDigestBytes)];
  const auto encoding = static_cast<crypto::Encoding>(digests.encoding());
  const size_t length = crypto::encode(encoding, {value, size}, text);
  return napi::from_string(env, {text, length});
}

// hashInto(string | view, out view) -> undefined, or false, with nothing written, for a view of no
// bytes
napi_value hash_into(napi_env env, napi_callback_info info) {
  const napi::Arguments<2> arguments(env, info);
  Digests& digests = arguments.data<Digests>();
  crypto::Digest* digest = digests.requested(env);
  if (digest == nullptr) return nullptr;
  CryptoInput input;
  if (!input.read(env, arguments[0])) return nullptr;
  if (input.is_empty_view()) return napi::from_bool(env, false);
  std::byte* out = to_output(env, arguments[1], digests.size());
  if (out == nullptr) return nullptr;
  if (!digest->hash(input.bytes(), out, digests.size()))
    return napi::throw_error(env, digest->error());
  return nullptr;
}

// The environment's ArrayBuffers end with it: only what is ours is freed here.
void destroy(void* data) { delete static_cast<Digests*>(data); }

}  // namespace

crypto::Digest* Digests::requested(napi_env env) {
  const uint32_t index = request[0] >> 2;
  if (index < fetched.size()) {
    crypto::Digest& digest = fetched[index];
    if (digest.algorithm().has_size(size())) return &digest;
  }
  napi::throw_error(env, ErrorCode::kUnknownAlgorithm, "no such digest, or not of this size");
  return nullptr;
}

std::byte* to_output(napi_env env, napi_value view, size_t size) {
  // So many elements are at least so many bytes, whatever their type, and asking for the type
  // costs 8 ns.
  void* memory = nullptr;
  size_t elements = 0;
  const napi_status status =
      napi_get_typedarray_info(env, view, nullptr, &elements, &memory, nullptr, nullptr);
  if (status == napi_ok && elements >= size) return static_cast<std::byte*>(memory);
  const std::optional<std::span<std::byte>> bytes = napi::to_bytes(env, view);
  if (!bytes) return nullptr;
  if (bytes->size() >= size) return bytes->data();
  napi::throw_error(env, ErrorCode::kInvalidArgument, "the output buffer is too short");
  return nullptr;
}

bool register_digests(napi_env env, napi_value object, Environment& environment) {
  auto* digests = new Digests();
  digests->environment = &environment;
  if (!napi::check(env, napi_add_env_cleanup_hook(env, destroy, digests))) {
    delete digests;
    return false;
  }
  napi_value buffer = nullptr;
  void* memory = nullptr;
  if (!napi::check(env, napi_create_arraybuffer(env, 2 * sizeof(uint32_t), &memory, &buffer)) ||
      !napi::check(env, napi_create_reference(env, buffer, 1, &digests->request_reference))) {
    return false;
  }
  digests->request = static_cast<uint32_t*>(memory);
  return napi::set(env, object, "request", buffer) &&
         napi::set_function(env, object, "fetchDigest", fetch_digest, digests) &&
         napi::set_function(env, object, "hash", hash, digests) &&
         napi::set_function(env, object, "hashInto", hash_into, digests) &&
         register_hashers(env, object, *digests) && register_pieces(env, object, *digests);
}

}  // namespace nearfar::addon
