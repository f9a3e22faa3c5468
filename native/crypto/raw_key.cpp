#include "crypto/raw_key.h"

#include <algorithm>
#include <cstring>

#include "crypto/der.h"
#include "crypto/key_api.h"

namespace nearfar::crypto {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view kEcPublicKeyOid = "\x06\x07\x2a\x86\x48\xce\x3d\x02\x01"sv;
constexpr std::string_view kVersion0 = "\x02\x01\x00"sv;
constexpr std::string_view kVersion1 = "\x02\x01\x01"sv;

// DER written from its end, so that each length is known when it is due.
class DerWriter {
 public:
  size_t position() const { return start_; }
  std::span<const std::byte> bytes() const { return {storage_.bytes + start_, kCapacity - start_}; }

  void prepend(std::span<const std::byte> bytes) {
    start_ -= bytes.size();
    std::memcpy(storage_.bytes + start_, bytes.data(), bytes.size());
  }

  void prepend(std::string_view text) { prepend(std::as_bytes(std::span(text))); }

  // Makes what was written since `position` was `end` the contents of an element.
  void wrap(std::byte tag, size_t end) {
    const size_t length = end - start_;
    storage_.bytes[--start_] = static_cast<std::byte>(length);
    if (length >= kDerLongForm) storage_.bytes[--start_] = kDerOneLengthByte;
    storage_.bytes[--start_] = tag;
  }

 private:
  // The longest is SPKI of P-521, 158 bytes.
  static constexpr size_t kCapacity = 192;
  CleansedBytes<kCapacity> storage_;
  size_t start_ = kCapacity;
};

// AlgorithmIdentifier of RFC 5480, 2.1.1.
void prepend_algorithm(DerWriter& der, const KeyKind& kind) {
  const size_t end = der.position();
  der.prepend(kind.oid);
  der.prepend(kEcPublicKeyOid);
  der.wrap(kDerSequence, end);
}

// PKCS#8 (RFC 5958, 2) around ECPrivateKey (RFC 5915, 3) without its public key, which libcrypto
// then computes.
void write_pkcs8(DerWriter& der, const KeyKind& kind, std::span<const std::byte> scalar) {
  const size_t end = der.position();
  der.prepend(scalar);
  der.wrap(kDerOctetString, end);
  der.prepend(kVersion1);
  der.wrap(kDerSequence, end);
  der.wrap(kDerOctetString, end);
  prepend_algorithm(der, kind);
  der.prepend(kVersion0);
  der.wrap(kDerSequence, end);
}

void write_spki(DerWriter& der, const KeyKind& kind, std::span<const std::byte> point) {
  const size_t end = der.position();
  der.prepend(point);
  der.prepend("\0"sv);  // No unused bits.
  der.wrap(kDerBitString, end);
  prepend_algorithm(der, kind);
  der.wrap(kDerSequence, end);
}

Error invalid_key() { return {ErrorCode::kInvalidKey, "these are not the bytes of such a key"}; }

const unsigned char* octets(std::span<const std::byte> bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}

// A number among a key's parameters, in big-endian bytes of that size.
bool read_number(const KeyApi& api, const Pkey* key, const char* name, std::span<std::byte> out) {
  BigNumber* number = nullptr;
  if (api.get_number(key, name, &number) != 1) return false;
  const int size = static_cast<int>(out.size());
  const bool fits =
      api.write_number(number, reinterpret_cast<unsigned char*>(out.data()), size) == size;
  api.free_number(number);
  return fits;
}

// From 1 to the order less 1 (SEC 1, 3.2.1). OpenSSL 3.0 takes a scalar modulo the order, so that
// two encodings would be one key.
bool is_scalar(const KeyApi& api, const Pkey* key, std::span<const std::byte> scalar) {
  SecretBytes order(scalar.size());
  if (!read_number(api, key, "order", order.bytes())) return false;
  const bool is_zero = std::all_of(scalar.begin(), scalar.end(),
                                   [](std::byte byte) { return byte == std::byte{0}; });
  return !is_zero && std::memcmp(scalar.data(), order.bytes().data(), scalar.size()) < 0;
}

}  // namespace

Result<PkeyHandle> read_raw_private(const KeyKind& kind, std::span<const std::byte> bytes) {
  const Result<KeyApi>& loaded = key_api();
  if (!loaded) return loaded.error();
  const KeyApi& api = loaded.value();
  if (kind.raw_size == 0 || bytes.size() != kind.raw_size) return invalid_key();
  if (kind.group == nullptr) {
    return adopt_key(api,
                     api.new_raw_private(nullptr, kind.type, nullptr, octets(bytes), bytes.size()));
  }
  DerWriter der;
  write_pkcs8(der, kind, bytes);
  Result<PkeyHandle> key = read_private_key(KeyFormat::kDer, nullptr, der.bytes());
  if (key && !is_scalar(api, key.value().get(), bytes)) return invalid_key();
  return key;
}

Result<PkeyHandle> read_raw_public(const KeyKind& kind, std::span<const std::byte> bytes) {
  const Result<KeyApi>& loaded = key_api();
  if (!loaded) return loaded.error();
  const KeyApi& api = loaded.value();
  if (kind.raw_size == 0) return invalid_key();
  if (kind.group == nullptr) {
    if (bytes.size() != kind.raw_size) return invalid_key();
    return adopt_key(api,
                     api.new_raw_public(nullptr, kind.type, nullptr, octets(bytes), bytes.size()));
  }
  // Compressed or not; the hybrid form of SEC 1 and the point at infinity are nobody's keys.
  const std::byte form = bytes.empty() ? std::byte{0} : bytes[0];
  const bool is_compressed = form == std::byte{2} || form == std::byte{3};
  const size_t expected = is_compressed ? kind.raw_size + 1 : kind.raw_size * 2 + 1;
  if ((!is_compressed && form != std::byte{4}) || bytes.size() != expected) return invalid_key();
  DerWriter der;
  write_spki(der, kind, bytes);
  return read_public_key(KeyFormat::kDer, nullptr, der.bytes());
}

Result<SecretBytes> write_raw_private(const KeyKind& kind, const Pkey* key) {
  const KeyApi& api = key_api().value();
  SecretBytes raw(kind.raw_size);
  const std::span<std::byte> out = raw.bytes();
  size_t size = out.size();
  const bool done =
      kind.group != nullptr
          ? read_number(api, key, "priv", out)
          : api.get_raw_private(key, reinterpret_cast<unsigned char*>(out.data()), &size) == 1;
  if (!done) return key_refusal(api);
  return raw;
}

Result<SecretBytes> write_raw_public(const KeyKind& kind, const Pkey* key) {
  const KeyApi& api = key_api().value();
  if (kind.group == nullptr) {
    SecretBytes raw(kind.raw_size);
    size_t size = kind.raw_size;
    unsigned char* const out = reinterpret_cast<unsigned char*>(raw.bytes().data());
    if (api.get_raw_public(key, out, &size) != 1) return key_refusal(api);
    return raw;
  }
  SecretBytes raw(kind.raw_size * 2 + 1);
  const std::span<std::byte> point = raw.bytes();
  point[0] = std::byte{4};
  if (!read_number(api, key, "qx", point.subspan(1, kind.raw_size)) ||
      !read_number(api, key, "qy", point.subspan(1 + kind.raw_size, kind.raw_size))) {
    return key_refusal(api);
  }
  return raw;
}

}  // namespace nearfar::crypto
