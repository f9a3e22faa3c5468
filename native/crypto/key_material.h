#pragma once

#include "crypto/cleansing.h"
#include "crypto/key.h"

// Keys as they are made, read and written, for programs without a node:crypto to do it.
namespace nearfar::crypto {

enum class KeyFormat { kPem, kDer, kRaw };

// A new private key, from libcrypto's random numbers. kUnknownAlgorithm for RSA-PSS: there an RSA
// key does the same.
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

}  // namespace nearfar::crypto
