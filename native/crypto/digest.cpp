#include "crypto/digest.h"

namespace nearfar::crypto {
namespace {

unsigned char* octets(std::byte* bytes) { return reinterpret_cast<unsigned char*>(bytes); }

}  // namespace

Digest::Digest(DigestAlgorithmHandle algorithm, MdContextHandle context)
    : algorithm_(std::move(algorithm)), context_(std::move(context)), state_(algorithm_->api()) {}

Result<Digest> Digest::make(DigestAlgorithmHandle algorithm) {
  const DigestApi& api = algorithm->api();
  MdContextHandle context(nullptr, {api.context_free});
  if (!algorithm->direct()) {
    Result<MdContextHandle> made = make_context(api);
    if (!made) return made.error();
    context = std::move(made.value());
  }
  return Digest(std::move(algorithm), std::move(context));
}

bool Digest::start() {
  const DigestAlgorithm& algorithm = *algorithm_;
  if (algorithm.direct()) return algorithm.direct()->init(&state_.context) == 1;
  return algorithm.api().init(context_.get(), algorithm.md(), nullptr) == 1;
}

bool Digest::update(std::span<const std::byte> data) {
  const DigestAlgorithm& algorithm = *algorithm_;
  if (algorithm.direct()) {
    return algorithm.direct()->update(&state_.context, data.data(), data.size()) == 1;
  }
  return algorithm.api().update(context_.get(), data.data(), data.size()) == 1;
}

bool Digest::finish(std::byte* out, size_t size) {
  const DigestAlgorithm& algorithm = *algorithm_;
  if (algorithm.direct()) return algorithm.direct()->final(octets(out), &state_.context) == 1;
  return (algorithm.extendable()
              ? algorithm.api().final_xof(context_.get(), octets(out), size)
              : algorithm.api().final(context_.get(), octets(out), nullptr)) == 1;
}

bool Digest::copy_from(const Digest& other) {
  if (algorithm_->direct()) {
    state_ = other.state_;
    return true;
  }
  return algorithm_->api().context_copy(context_.get(), other.context_.get()) == 1;
}

bool Digest::hash(std::span<const std::byte> data, std::byte* out, size_t size) {
  if (const std::optional<DirectDigest>& direct = algorithm_->direct(); direct) {
    DirectDigest::Context state;
    return direct->init(&state) == 1 && direct->update(&state, data.data(), data.size()) == 1 &&
           direct->final(octets(out), &state) == 1;
  }
  return start() && update(data) && finish(out, size);
}

bool Digest::hash(std::span<const std::byte> prefix, std::span<const std::byte> data,
                  std::byte* out, size_t size) {
  return start() && update(prefix) && update(data) && finish(out, size);
}

Error Digest::error() const {
  return take_error(algorithm_->api().errors, ErrorCode::kCryptoFailed, "libcrypto could not hash");
}

}  // namespace nearfar::crypto
