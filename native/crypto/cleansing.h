#pragma once

#include <cstddef>
#include <memory>
#include <span>

namespace nearfar::crypto {

// Overwrites memory that held a secret; volatile, so that no compiler leaves it out.
inline void cleanse(std::span<std::byte> bytes) {
  volatile std::byte* const start = bytes.data();
  for (size_t index = 0; index < bytes.size(); ++index) start[index] = std::byte{0};
}

// An array of bytes that is overwritten when it goes out of scope.
template <size_t N>
struct CleansedBytes {
  std::byte bytes[N];
  ~CleansedBytes() { cleanse(bytes); }
};

// The same with a size that is known at run time.
class SecretBytes {
 public:
  explicit SecretBytes(size_t size) : bytes_(new std::byte[size]{}), size_(size) {}
  SecretBytes(SecretBytes&&) = default;
  SecretBytes& operator=(SecretBytes&&) = delete;
  ~SecretBytes() {
    if (bytes_ != nullptr) cleanse(bytes());
  }

  std::span<std::byte> bytes() { return {bytes_.get(), size_}; }
  std::span<const std::byte> bytes() const { return {bytes_.get(), size_}; }

 private:
  std::unique_ptr<std::byte[]> bytes_;  // Null after it has been moved from.
  size_t size_;
};

}  // namespace nearfar::crypto
