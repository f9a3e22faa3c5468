#include "crypto/digest.h"

namespace nearfar::crypto {
namespace {

constexpr unsigned long kFlagXof = 0x0002;  // NOLINT: EVP_MD_FLAG_XOF of openssl/evp.h

}  // namespace

Result<MdHandle> fetch_md(const DigestApi& api, const char* name) {
  MdHandle md(api.fetch(nullptr, name, nullptr), {api.free});
  if (md == nullptr) return take_error(api.errors, ErrorCode::kUnknownAlgorithm, name);
  return md;
}

Result<MdContextHandle> make_context(const DigestApi& api) {
  MdContextHandle context(api.context_new(), {api.context_free});
  if (context == nullptr) return Error{ErrorCode::kOutOfMemory, "EVP_MD_CTX_new failed"};
  return context;
}

Digest::Digest(const DigestApi& api, MdHandle md, MdContextHandle context,
               std::optional<DirectDigest> direct, size_t size, bool extendable)
    : api_(&api),
      md_(std::move(md)),
      context_(std::move(context)),
      direct_(direct),
      size_(size),
      extendable_(extendable) {}

Result<Digest> Digest::fetch(const char* name, size_t size) {
  const Result<DigestApi>& loaded = digest_api();
  if (!loaded) return loaded.error();
  const DigestApi& api = loaded.value();
  Result<MdHandle> md = fetch_md(api, name);
  if (!md) return md.error();
  const bool extendable = (api.get_flags(md.value().get()) & kFlagXof) != 0;
  const int fixed_size = api.get_size(md.value().get());
  const bool size_fits = extendable || (fixed_size > 0 && size == static_cast<size_t>(fixed_size));
  if (!size_fits || size == 0 || size > kMaxDigestBytes) {
    return Error{ErrorCode::kInvalidArgument, "the digest has another size"};
  }
  Result<MdContextHandle> context = make_context(api);
  if (!context) return context.error();
  const std::optional<DirectDigest> direct = find_direct_digest(name, md.value().get());
  return Digest(api, std::move(md.value()), std::move(context.value()), direct, size, extendable);
}

bool Digest::hash(std::span<const std::byte> data, std::byte* out) {
  unsigned char* digest = reinterpret_cast<unsigned char*>(out);
  if (direct_) {
    DirectDigest::Context state;
    return direct_->init(&state) == 1 && direct_->update(&state, data.data(), data.size()) == 1 &&
           direct_->final(digest, &state) == 1;
  }
  MdContext* context = context_.get();
  return api_->init(context, md_.get(), nullptr) == 1 &&
         api_->update(context, data.data(), data.size()) == 1 &&
         (extendable_ ? api_->final_xof(context, digest, size_)
                      : api_->final(context, digest, nullptr)) == 1;
}

Error Digest::error() const {
  return take_error(api_->errors, ErrorCode::kCryptoFailed, "libcrypto could not hash");
}

}  // namespace nearfar::crypto
