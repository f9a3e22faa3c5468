#include "crypto/hasher.h"

#include <array>
#include <cstring>

namespace nearfar::crypto {
namespace {

// RFC 2104, section 2.
constexpr std::byte kInnerPad{0x36};
constexpr std::byte kOuterPad{0x5c};

// The key as a block of its own, cleared when it ends.
struct KeyBlock {
  explicit KeyBlock(const DigestApi& api) : api(api) {}
  ~KeyBlock() { api.cleanse(bytes.data(), bytes.size()); }
  KeyBlock(const KeyBlock&) = delete;
  KeyBlock& operator=(const KeyBlock&) = delete;

  void apply(std::byte pad) {
    for (std::byte& byte : bytes) byte ^= pad;
  }

  const DigestApi& api;
  std::array<std::byte, kMaxBlockBytes> bytes = {};
};

Error cannot_authenticate() {
  return {ErrorCode::kInvalidArgument, "HMAC is not defined for the algorithm"};
}

}  // namespace

Result<Hasher> Hasher::make(const DigestAlgorithmHandle& algorithm) {
  Result<Digest> digest = Digest::make(algorithm);
  if (!digest) return digest.error();
  if (!digest.value().start()) return digest.value().error();
  return Hasher(std::move(digest.value()));
}

Result<Hasher> Hasher::make_keyed(const DigestAlgorithmHandle& algorithm,
                                  std::span<const std::byte> key) {
  const size_t block_size = algorithm->block_size();
  // A block must hold a digest, for a long key is replaced by its digest.
  if (algorithm->extendable() || block_size > kMaxBlockBytes || block_size < algorithm->size()) {
    return cannot_authenticate();
  }
  Result<Digest> inner = Digest::make(algorithm);
  if (!inner) return inner.error();
  Result<Digest> outer = Digest::make(algorithm);
  if (!outer) return outer.error();
  Hasher hasher(std::move(inner.value()));
  hasher.outer_ = std::move(outer.value());

  KeyBlock block(algorithm->api());
  if (key.size() <= block_size) {
    if (!key.empty()) std::memcpy(block.bytes.data(), key.data(), key.size());
  } else if (!hasher.running_.hash(key, block.bytes.data(), algorithm->size())) {
    return hasher.error();
  }
  const std::span<const std::byte> padded(block.bytes.data(), block_size);
  block.apply(kInnerPad);
  if (!hasher.running_.start() || !hasher.running_.update(padded)) return hasher.error();
  block.apply(kInnerPad ^ kOuterPad);
  if (!hasher.outer_->start() || !hasher.outer_->update(padded)) return hasher.error();
  return hasher;
}

bool Hasher::finish(std::byte* out, size_t size) {
  if (!running_.finish(out, size)) return false;
  return !outer_ || (outer_->update({out, size}) && outer_->finish(out, size));
}

Result<Hasher> Hasher::copy() const {
  Result<Digest> running = Digest::make(running_.handle());
  if (!running) return running.error();
  if (!running.value().copy_from(running_)) return error();
  Hasher copy(std::move(running.value()));
  if (!outer_) return copy;
  Result<Digest> outer = Digest::make(outer_->handle());
  if (!outer) return outer.error();
  if (!outer.value().copy_from(*outer_)) return error();
  copy.outer_ = std::move(outer.value());
  return copy;
}

}  // namespace nearfar::crypto
