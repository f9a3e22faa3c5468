#include "crypto/key.h"

#include <climits>
#include <string_view>

namespace nearfar::crypto {
namespace {

// How keys of one kind sign.
struct SignatureScheme {
  const char* key_type;  // As EVP_PKEY_is_a knows it.
  const char* group;     // The curve of an "EC" key.
  const char* digest;    // Null where the scheme hashes by itself.
};

constexpr SignatureScheme kSchemes[] = {
    {"ED25519", nullptr, nullptr},
    {"EC", "prime256v1", "SHA2-256"},
    {"EC", "secp256k1", "SHA2-256"},
};

bool has_group(const SignatureApi& api, const Pkey* key, const char* group) {
  char name[64];
  size_t length = 0;
  return api.key_group(key, name, sizeof name, &length) == 1 &&
         std::string_view(name, length) == group;
}

const SignatureScheme* find_scheme(const SignatureApi& api, const Pkey* key) {
  for (const SignatureScheme& scheme : kSchemes) {
    if (api.key_is(key, scheme.key_type) != 1) continue;
    if (scheme.group == nullptr || has_group(api, key, scheme.group)) return &scheme;
  }
  return nullptr;
}

const unsigned char* to_octets(std::span<const std::byte> bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}

using Reader = Pkey* (*)(Pkey**, const unsigned char**, long);  // NOLINT: libcrypto's own type

Result<PkeyHandle> read(const SignatureApi& api, Reader reader, std::span<const std::byte> der) {
  if (der.size() > INT_MAX) return Error{ErrorCode::kInvalidKey, "the key is too long"};
  const unsigned char* next = to_octets(der);
  PkeyHandle key(reader(nullptr, &next, static_cast<int>(der.size())), {api.key_free});
  if (key != nullptr) return key;
  return take_error(api.digests.errors, ErrorCode::kInvalidKey, "the key cannot be read");
}

}  // namespace

Key::Key(const SignatureApi& api, MdContextHandle ready, bool is_private)
    : api_(&api), ready_(std::move(ready)), is_private_(is_private) {}

Result<Key> Key::make(const SignatureApi& api, PkeyHandle key, bool is_private) {
  const ErrorApi& errors = api.digests.errors;
  const SignatureScheme* scheme = find_scheme(api, key.get());
  errors.clear();  // Asking a key without a group for its group leaves an error.
  if (scheme == nullptr) return Error{ErrorCode::kInvalidKey, "the key is of an unknown kind"};
  MdHandle digest(nullptr, {api.digests.free});
  if (scheme->digest != nullptr) {
    Result<MdHandle> fetched = fetch_md(api.digests, scheme->digest);
    if (!fetched) return fetched.error();
    digest = std::move(fetched.value());
  }
  Result<MdContextHandle> ready = make_context(api.digests);
  if (!ready) return ready.error();
  const auto initialize = is_private ? api.sign_init : api.verify_init;
  if (initialize(ready.value().get(), nullptr, digest.get(), nullptr, key.get()) != 1) {
    return take_error(errors, ErrorCode::kInvalidKey, "libcrypto cannot use the key");
  }
  return Key(api, std::move(ready.value()), is_private);
}

Result<Key> Key::read_private(std::span<const std::byte> pkcs8) {
  const Result<SignatureApi>& api = signature_api();
  if (!api) return api.error();
  Result<PkeyHandle> key = read(api.value(), api.value().read_private, pkcs8);
  if (!key) return key.error();
  return make(api.value(), std::move(key.value()), true);
}

Result<Key> Key::read_public(std::span<const std::byte> spki) {
  const Result<SignatureApi>& api = signature_api();
  if (!api) return api.error();
  Result<PkeyHandle> key = read(api.value(), api.value().read_public, spki);
  if (!key) return key.error();
  return make(api.value(), std::move(key.value()), false);
}

Result<MdContextHandle> Key::start() const {
  const DigestApi& digests = api_->digests;
  Result<MdContextHandle> context = make_context(digests);
  if (context && digests.context_copy(context.value().get(), ready_.get()) != 1) {
    return take_error(digests.errors, ErrorCode::kCryptoFailed, "EVP_MD_CTX_copy_ex failed");
  }
  return context;
}

Result<size_t> Key::sign(std::span<const std::byte> data, std::byte* out) const {
  const Result<MdContextHandle> context = start();
  if (!context) return context.error();
  size_t length = kMaxSignatureBytes;
  unsigned char* signature = reinterpret_cast<unsigned char*>(out);
  if (api_->sign(context.value().get(), signature, &length, to_octets(data), data.size()) == 1) {
    return length;
  }
  return take_error(api_->digests.errors, ErrorCode::kCryptoFailed, "libcrypto could not sign");
}

Result<bool> Key::verify(std::span<const std::byte> data,
                         std::span<const std::byte> signature) const {
  const Result<MdContextHandle> context = start();
  if (!context) return context.error();
  const bool verified = api_->verify(context.value().get(), to_octets(signature), signature.size(),
                                     to_octets(data), data.size()) == 1;
  // A refused signature is an answer, not an error: nothing of it stays in libcrypto's queue.
  if (!verified) api_->digests.errors.clear();
  return verified;
}

}  // namespace nearfar::crypto
