#include "crypto/key_operation.h"

#include <algorithm>

namespace nearfar::crypto {
namespace {

// RSA_PKCS1_PADDING and RSA_PKCS1_PSS_PADDING of openssl/rsa.h.
constexpr int kPkcs1Padding = 1;
constexpr int kPssPadding = 6;

// EVP_MD_CTX_FLAG_FINALISE of openssl/evp.h: the context is used once, so libcrypto need not make
// another copy of it before the last step.
constexpr int kFlagFinalise = 0x0200;

const unsigned char* to_octets(std::span<const std::byte> bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}

bool set_padding(const SignatureApi& api, PkeyContext* context,
                 const SignatureParameters& parameters) {
  switch (parameters.padding) {
    case RsaPadding::kNone:
      return true;
    case RsaPadding::kPkcs1:
      return api.set_rsa_padding(context, kPkcs1Padding) > 0;
    case RsaPadding::kPss:
      return api.set_rsa_padding(context, kPssPadding) > 0 &&
             api.set_pss_salt_length(context, parameters.salt_length) > 0;
  }
  return false;
}

}  // namespace

SignatureParameters default_parameters(const KeyKind& kind) {
  const RsaPadding padding = kind.family != KeyFamily::kRsa         ? RsaPadding::kNone
                             : kind.type == std::string_view("RSA") ? RsaPadding::kPkcs1
                                                                    : RsaPadding::kPss;
  return {.digest = kind.digest, .padding = padding};
}

KeyOperation::KeyOperation(const SignatureApi& api, MdContextHandle ready, const Key& key,
                           const SignatureParameters& parameters)
    : api_(&api),
      ready_(std::move(ready)),
      signs_(key.is_private()),
      max_signature_bytes_(key.signature_bytes()),
      encoding_(parameters.encoding),
      low_s_(parameters.low_s) {
  if (key.kind().family != KeyFamily::kEcdsa) return;
  if (encoding_ == EcdsaEncoding::kDer && !low_s_) return;
  order_.emplace(key.kind().order);
  if (encoding_ == EcdsaEncoding::kP1363) max_signature_bytes_ = 2 * order_->size();
}

Result<KeyOperation> KeyOperation::prepare(const Key& key, const SignatureParameters& parameters) {
  const Result<SignatureApi>& loaded = signature_api();
  if (!loaded) return loaded.error();
  const SignatureApi& api = loaded.value();
  MdHandle digest(nullptr, {api.digests.free});
  if (parameters.digest != nullptr) {
    Result<MdHandle> fetched = fetch_md(api.digests, parameters.digest);
    if (!fetched) return fetched.error();
    digest = std::move(fetched.value());
  }
  Result<MdContextHandle> ready = make_context(api.digests);
  if (!ready) return ready.error();
  MdContext* const context = ready.value().get();
  PkeyContext* key_context = nullptr;  // The digest context owns it.
  const auto initialize = key.is_private() ? api.sign_init : api.verify_init;
  if (initialize(context, &key_context, digest.get(), nullptr, key.handle()) != 1 ||
      !set_padding(api, key_context, parameters)) {
    return take_error(api.digests.errors, ErrorCode::kCryptoFailed,
                      "libcrypto cannot use the key in this way");
  }
  return KeyOperation(api, std::move(ready.value()), key, parameters);
}

Result<MdContextHandle> KeyOperation::start() const {
  const DigestApi& digests = api_->digests;
  Result<MdContextHandle> context = make_context(digests);
  if (!context) return context;
  if (digests.context_copy(context.value().get(), ready_.get()) != 1) {
    return take_error(digests.errors, ErrorCode::kCryptoFailed, "EVP_MD_CTX_copy_ex failed");
  }
  api_->context_set_flags(context.value().get(), kFlagFinalise);
  return context;
}

// What libcrypto itself makes.
Result<size_t> KeyOperation::sign_plainly(std::span<const std::byte> data, std::byte* out,
                                          size_t capacity) const {
  const Result<MdContextHandle> context = start();
  if (!context) return context.error();
  size_t length = capacity;
  unsigned char* signature = reinterpret_cast<unsigned char*>(out);
  if (api_->sign(context.value().get(), signature, &length, to_octets(data), data.size()) == 1) {
    return length;
  }
  return take_error(api_->digests.errors, ErrorCode::kCryptoFailed, "libcrypto could not sign");
}

Result<size_t> KeyOperation::sign(std::span<const std::byte> data, std::byte* out) const {
  if (!order_) return sign_plainly(data, out, max_signature_bytes_);
  std::byte der[kMaxEcdsaDerBytes];
  const Result<size_t> length = sign_plainly(data, der, sizeof der);
  if (!length) return length;
  std::byte p1363[kMaxP1363Bytes];
  const size_t size = order_->size();
  if (!der_to_p1363({der, length.value()}, size, p1363)) {
    return Error{ErrorCode::kCryptoFailed, "libcrypto made a signature that is not DER"};
  }
  if (low_s_) order_->make_low({p1363 + size, size});
  if (encoding_ == EcdsaEncoding::kDer) return p1363_to_der({p1363, 2 * size}, out);
  std::copy_n(p1363, 2 * size, out);
  return 2 * size;
}

Result<bool> KeyOperation::verify(std::span<const std::byte> data,
                                  std::span<const std::byte> signature) const {
  std::byte der[kMaxEcdsaDerBytes];
  if (order_) {
    std::byte parsed[kMaxP1363Bytes];
    const size_t size = order_->size();
    std::span<const std::byte> p1363 = signature;
    if (encoding_ == EcdsaEncoding::kDer) {
      if (!der_to_p1363(signature, size, parsed)) return false;
      p1363 = {parsed, 2 * size};
    }
    if (p1363.size() != 2 * size) return false;
    if (low_s_ && !order_->is_low(p1363.subspan(size))) return false;
    if (encoding_ == EcdsaEncoding::kP1363) signature = {der, p1363_to_der(p1363, der)};
  }
  const Result<MdContextHandle> context = start();
  if (!context) return context.error();
  const bool verified = api_->verify(context.value().get(), to_octets(signature), signature.size(),
                                     to_octets(data), data.size()) == 1;
  // A refused signature is an answer, not an error: nothing of it stays in libcrypto's queue.
  if (!verified) api_->digests.errors.clear();
  return verified;
}

}  // namespace nearfar::crypto
