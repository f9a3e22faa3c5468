#pragma once

#include "crypto/key_material.h"

// Keys without any frame around them: the bytes of RFC 8032 for Ed25519 and Ed448; for the curves
// the scalar, and the point as SEC 1, 2.3.3 writes it. The errors are those of key_material.
namespace nearfar::crypto {

Result<PkeyHandle> read_raw_private(const KeyKind& kind, std::span<const std::byte> bytes);
Result<PkeyHandle> read_raw_public(const KeyKind& kind, std::span<const std::byte> bytes);
Result<SecretBytes> write_raw_private(const KeyKind& kind, const Pkey* key);
Result<SecretBytes> write_raw_public(const KeyKind& kind, const Pkey* key);

}  // namespace nearfar::crypto
