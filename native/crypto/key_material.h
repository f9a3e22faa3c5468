#pragma once

#include <string_view>

#include "crypto/cleansing.h"
#include "crypto/key.h"

// Keys as they are made, read and written, for programs without a node:crypto to do it.
namespace nearfar::crypto {

enum class KeyFormat { kPem, kDer, kRaw };

// A kind of key: what nearfar/crypto and libcrypto call it, and what its raw form needs.
struct KeyKind {
  const char* name;
  const char* type;   // As EVP_PKEY_is_a knows it.
  const char* group;  // The curve of an "EC" key; null for others.
  size_t raw_size;    // Bytes of a raw private key, and of a coordinate; 0: there is no raw form.
  std::string_view oid;  // The curve's object identifier in DER (RFC 5480, 2.1.1.1; SEC 2, A.2).
};

// Null when no kind has that name.
const KeyKind* find_key_kind(std::string_view name);

// Null for a key of no known kind, and without libcrypto.
const KeyKind* key_kind_of(const Pkey* key);

// A new private key, from libcrypto's random numbers.
Result<PkeyHandle> generate_key(const KeyKind& kind);

// Read a key: kInvalidKey for anything but a key in that format and, after DER and raw bytes,
// nothing else. `kind` is for raw keys, which do not say what they are.
Result<PkeyHandle> read_private_key(KeyFormat format, const KeyKind* kind,
                                    std::span<const std::byte> bytes);
Result<PkeyHandle> read_public_key(KeyFormat format, const KeyKind* kind,
                                   std::span<const std::byte> bytes);
Result<PkeyHandle> read_encrypted_key(std::span<const std::byte> pem,
                                      std::span<const std::byte> passphrase);

// Write a key: PKCS#8 without encryption, SPKI, or raw (kInvalidArgument if the kind has no such
// form).
Result<SecretBytes> write_private_key(KeyFormat format, const Pkey* key);
Result<SecretBytes> write_public_key(KeyFormat format, const Pkey* key);

// The most bytes that a signature by this key has.
size_t max_signature_size(const Pkey* key);

}  // namespace nearfar::crypto
