#include <vector>

#include "addon/crypto_input.h"
#include "addon/crypto_keys.h"
#include "addon/environment.h"
#include "crypto/digest.h"
#include "crypto/encoding.h"
#include "napi/napi.h"

// Digests and signatures for src/crypto/native-backend.ts.
namespace nearfar::addon {
namespace {

// What one environment has: the algorithms it has used, addressed by index, and one word that
// JavaScript writes before a call to say which of them, and which encoding, it wants. The word in
// shared memory saves 15 ns of 230 over two number arguments (SHA-256 of 13 bytes, Node 20).
struct Digests {
  std::vector<crypto::Digest> fetched;
  uint32_t* request = nullptr;  // index * 4 + encoding
  napi_ref request_reference = nullptr;
};

// fetchDigest(name, size) -> index
napi_value fetch_digest(napi_env env, napi_callback_info info) {
  const napi::Arguments<2> arguments(env, info);
  std::vector<crypto::Digest>& fetched = arguments.data<Digests>().fetched;
  const std::optional<std::string> name = napi::to_string(env, arguments[0]);
  if (!name) return nullptr;
  const std::optional<uint32_t> size = napi::to_uint32(env, arguments[1]);
  if (!size) return nullptr;
  Result<crypto::Digest> digest = crypto::Digest::fetch(name->c_str(), *size);
  if (!digest) return napi::throw_error(env, digest.error());
  fetched.push_back(std::move(digest.value()));
  return napi::from_double(env, static_cast<double>(fetched.size() - 1));
}

crypto::Digest* requested_digest(napi_env env, Digests& digests) {
  const uint32_t index = *digests.request >> 2;
  if (index < digests.fetched.size()) return &digests.fetched[index];
  napi::throw_error(env, ErrorCode::kUnknownAlgorithm, "no digest was fetched for this index");
  return nullptr;
}

// hash(string | view) -> string, or undefined for a view of no bytes
napi_value hash(napi_env env, napi_callback_info info) {
  const napi::Arguments<1> arguments(env, info);
  Digests& digests = arguments.data<Digests>();
  crypto::Digest* digest = requested_digest(env, digests);
  if (digest == nullptr) return nullptr;
  CryptoInput input;
  if (!input.read(env, arguments[0]) || input.is_empty_view()) return nullptr;

  std::byte value[crypto::kMaxDigestBytes];
  if (!digest->hash(input.bytes(), value)) return napi::throw_error(env, digest->error());
  char text[crypto::max_encoded_length(crypto::kMaxDigestBytes)];
  const crypto::Encoding encoding = static_cast<crypto::Encoding>(*digests.request & 3);
  const size_t length = crypto::encode(encoding, {value, digest->size()}, text);
  return napi::from_string(env, {text, length});
}

// The memory to write `size` bytes to, or null with an exception pending.
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

// hashInto(string | view, out view) -> undefined, or false, with nothing written, for a view of no
// bytes
napi_value hash_into(napi_env env, napi_callback_info info) {
  const napi::Arguments<2> arguments(env, info);
  crypto::Digest* digest = requested_digest(env, arguments.data<Digests>());
  if (digest == nullptr) return nullptr;
  CryptoInput input;
  if (!input.read(env, arguments[0])) return nullptr;
  if (input.is_empty_view()) return napi::from_bool(env, false);
  std::byte* out = to_output(env, arguments[1], digest->size());
  if (out == nullptr) return nullptr;
  if (!digest->hash(input.bytes(), out)) return napi::throw_error(env, digest->error());
  return nullptr;
}

// The environment's ArrayBuffers end with it: only what is ours is freed here.
void destroy(void* data) { delete static_cast<Digests*>(data); }

bool register_digests(napi_env env, napi_value object) {
  auto* digests = new Digests();
  if (!napi::check(env, napi_add_env_cleanup_hook(env, destroy, digests))) {
    delete digests;
    return false;
  }
  napi_value buffer = nullptr;
  void* memory = nullptr;
  if (!napi::check(env, napi_create_arraybuffer(env, sizeof(uint32_t), &memory, &buffer)) ||
      !napi::check(env, napi_create_reference(env, buffer, 1, &digests->request_reference))) {
    return false;
  }
  digests->request = static_cast<uint32_t*>(memory);
  return napi::set(env, object, "request", buffer) &&
         napi::set_function(env, object, "fetchDigest", fetch_digest, digests) &&
         napi::set_function(env, object, "hash", hash, digests) &&
         napi::set_function(env, object, "hashInto", hash_into, digests);
}

// A capability is an object with its functions, or the sentence that says why it is missing.
bool set_capability(napi_env env, napi_value exports, const char* name, const Error* problem,
                    bool (*add_functions)(napi_env, napi_value)) {
  if (problem != nullptr) {
    return napi::set(env, exports, name, napi::from_utf8(env, problem->detail));
  }
  napi_value object = napi::make_object(env);
  return object != nullptr && add_functions(env, object) && napi::set(env, exports, name, object);
}

template <typename Api>
const Error* problem_of(const Result<Api>& api) {
  return api ? nullptr : &api.error();
}

}  // namespace

bool register_crypto(napi_env env, napi_value exports, Environment&) {
  napi_value object = napi::make_object(env);
  const Error* no_digests = problem_of(crypto::digest_api());
  const Error* no_signatures = problem_of(crypto::signature_api());
  return set_capability(env, object, "digests", no_digests, register_digests) &&
         set_capability(env, object, "signatures", no_signatures, register_keys) &&
         napi::set(env, exports, "crypto", object);
}

}  // namespace nearfar::addon
