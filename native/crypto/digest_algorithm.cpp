#include "crypto/digest_algorithm.h"

namespace nearfar::crypto {
namespace {

constexpr unsigned long kFlagXof = 0x0002;  // NOLINT: EVP_MD_FLAG_XOF of openssl/evp.h

size_t positive(int value) { return value > 0 ? static_cast<size_t>(value) : 0; }

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

DigestAlgorithm::DigestAlgorithm(const DigestApi& api, MdHandle md, const char* name)
    : api_(&api),
      md_(std::move(md)),
      direct_(find_direct_digest(name, md_.get())),
      multi_(MultiSha256::find(name, md_.get())),
      extendable_((api.get_flags(md_.get()) & kFlagXof) != 0),
      size_(extendable_ ? 0 : positive(api.get_size(md_.get()))),
      block_size_(positive(api.get_block_size(md_.get()))) {}

Result<DigestAlgorithmHandle> DigestAlgorithm::fetch(const char* name) {
  const Result<DigestApi>& loaded = digest_api();
  if (!loaded) return loaded.error();
  Result<MdHandle> md = fetch_md(loaded.value(), name);
  if (!md) return md.error();
  auto algorithm =
      std::make_shared<const DigestAlgorithm>(loaded.value(), std::move(md.value()), name);
  const bool has_size = algorithm->extendable() || algorithm->size() > 0;
  if (!has_size || algorithm->size() > kMaxDigestBytes) {
    return Error{ErrorCode::kUnknownAlgorithm, "the algorithm has no digest of a known size"};
  }
  return DigestAlgorithmHandle(std::move(algorithm));
}

}  // namespace nearfar::crypto
