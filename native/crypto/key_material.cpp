#include "crypto/key_material.h"

#include <climits>
#include <cstring>

#include "crypto/key_api.h"
#include "crypto/raw_key.h"

namespace nearfar::crypto {
namespace {

// As strong as P-256 (NIST SP 800-57 part 1, table 2).
constexpr size_t kRsaBits = 3072;

constexpr int kBioInfo = 3;  // BIO_CTRL_INFO of openssl/bio.h: where the memory is.

using BioHandle = std::unique_ptr<Bio, int (*)(Bio*)>;

using DerReader = Pkey*(Pkey** key, const unsigned char** der, long size);  // NOLINT

Result<PkeyHandle> read_der(const KeyApi& api, DerReader* reader,
                            std::span<const std::byte> bytes) {
  if (bytes.size() > INT_MAX) return Error{ErrorCode::kInvalidKey, "the key is too long"};
  const auto* const start = reinterpret_cast<const unsigned char*>(bytes.data());
  const unsigned char* next = start;
  Result<PkeyHandle> key = adopt_key(api, reader(nullptr, &next, static_cast<int>(bytes.size())));
  if (key && next != start + bytes.size()) {
    return Error{ErrorCode::kInvalidKey, "something follows the key"};
  }
  return key;
}

// Gives the passphrase, or refuses: without a callback libcrypto would ask the terminal for it.
int give_passphrase(char* out, int capacity, int, void* context) {
  const auto* passphrase = static_cast<const std::span<const std::byte>*>(context);
  if (passphrase == nullptr || passphrase->size() > static_cast<size_t>(capacity)) return -1;
  std::memcpy(out, passphrase->data(), passphrase->size());
  return static_cast<int>(passphrase->size());
}

using PemReader = Pkey*(Bio*, Pkey**, PassphraseCallback*, void*);

Result<PkeyHandle> read_pem(const KeyApi& api, PemReader* reader, std::span<const std::byte> pem,
                            std::span<const std::byte>* passphrase) {
  if (pem.size() > INT_MAX) return Error{ErrorCode::kInvalidKey, "the key is too long"};
  const BioHandle bio(api.reader(pem.data(), static_cast<int>(pem.size())), api.free_bio);
  if (bio == nullptr) return key_refusal(api);
  return adopt_key(api, reader(bio.get(), nullptr, give_passphrase, passphrase));
}

Error no_raw_form() { return {ErrorCode::kInvalidArgument, "this kind of key has no raw form"}; }

// What `write` puts into memory that libcrypto clears.
template <typename Writer>
Result<SecretBytes> written(const KeyApi& api, Writer write) {
  const BioHandle bio(api.new_bio(api.secure_memory()), api.free_bio);
  if (bio == nullptr || write(bio.get()) != 1) {
    return take_error(api.signatures.digests.errors, ErrorCode::kCryptoFailed, "not written");
  }
  void* memory = nullptr;
  const auto size = api.bio_control(bio.get(), kBioInfo, 0, &memory);
  if (memory == nullptr || size <= 0) return Error{ErrorCode::kCryptoFailed, "nothing written"};
  SecretBytes bytes(static_cast<size_t>(size));
  std::memcpy(bytes.bytes().data(), memory, bytes.bytes().size());
  return bytes;
}

}  // namespace

Result<PkeyHandle> generate_key(const KeyKind& kind) {
  const Result<KeyApi>& loaded = key_api();
  if (!loaded) return loaded.error();
  const KeyApi& api = loaded.value();
  const std::string_view type(kind.type);
  if (type == "RSA-PSS") return Error{ErrorCode::kUnknownAlgorithm, "make an RSA key instead"};
  Pkey* key;
  if (kind.group != nullptr) {
    key = api.generate(nullptr, nullptr, kind.type, kind.group);
  } else if (type == "RSA") {
    key = api.generate(nullptr, nullptr, kind.type, kRsaBits);
  } else {
    key = api.generate(nullptr, nullptr, kind.type);
  }
  if (key != nullptr) return PkeyHandle(key, {api.signatures.key_free});
  return take_error(api.signatures.digests.errors, ErrorCode::kCryptoFailed, "no key was made");
}

Result<PkeyHandle> read_private_key(KeyFormat format, const KeyKind* kind,
                                    std::span<const std::byte> bytes) {
  const Result<KeyApi>& loaded = key_api();
  if (!loaded) return loaded.error();
  const KeyApi& api = loaded.value();
  switch (format) {
    case KeyFormat::kPem:
      return read_pem(api, api.read_pem_private, bytes, nullptr);
    case KeyFormat::kDer:
      return read_der(api, api.signatures.read_private, bytes);
    case KeyFormat::kRaw:
      break;
  }
  if (kind == nullptr) return no_raw_form();
  return read_raw_private(*kind, bytes);
}

Result<PkeyHandle> read_public_key(KeyFormat format, const KeyKind* kind,
                                   std::span<const std::byte> bytes) {
  const Result<KeyApi>& loaded = key_api();
  if (!loaded) return loaded.error();
  const KeyApi& api = loaded.value();
  switch (format) {
    case KeyFormat::kPem:
      return read_pem(api, api.read_pem_public, bytes, nullptr);
    case KeyFormat::kDer:
      return read_der(api, api.signatures.read_public, bytes);
    case KeyFormat::kRaw:
      break;
  }
  if (kind == nullptr) return no_raw_form();
  return read_raw_public(*kind, bytes);
}

Result<PkeyHandle> read_encrypted_key(std::span<const std::byte> pem,
                                      std::span<const std::byte> passphrase) {
  const Result<KeyApi>& loaded = key_api();
  if (!loaded) return loaded.error();
  return read_pem(loaded.value(), loaded.value().read_pem_private, pem, &passphrase);
}

Result<SecretBytes> write_private_key(KeyFormat format, const Pkey* key) {
  const Result<KeyApi>& loaded = key_api();
  if (!loaded) return loaded.error();
  const KeyApi& api = loaded.value();
  if (format == KeyFormat::kRaw) {
    const KeyKind* kind = key_kind_of(api.signatures, key);
    if (kind == nullptr || kind->raw_size == 0) return no_raw_form();
    return write_raw_private(*kind, key);
  }
  const auto write = format == KeyFormat::kPem ? api.write_pem_private : api.write_der_private;
  return written(api,
                 [&](Bio* bio) { return write(bio, key, nullptr, nullptr, 0, nullptr, nullptr); });
}

Result<SecretBytes> write_public_key(KeyFormat format, const Pkey* key) {
  const Result<KeyApi>& loaded = key_api();
  if (!loaded) return loaded.error();
  const KeyApi& api = loaded.value();
  if (format == KeyFormat::kRaw) {
    const KeyKind* kind = key_kind_of(api.signatures, key);
    if (kind == nullptr || kind->raw_size == 0) return no_raw_form();
    return write_raw_public(*kind, key);
  }
  const auto write = format == KeyFormat::kPem ? api.write_pem_public : api.write_der_public;
  return written(api, [&](Bio* bio) { return write(bio, key); });
}

}  // namespace nearfar::crypto
