#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "crypto/signature_api.h"

namespace nearfar::crypto {

enum class KeyFamily { kEdwards, kEcdsa, kRsa };

// A kind of key that signs: what nearfar/crypto and libcrypto call it, how it signs unless it is
// told otherwise, and what its raw form needs.
struct KeyKind {
  const char* name;
  KeyFamily family;
  const char* type;        // As EVP_PKEY_is_a knows it.
  const char* group;       // libcrypto's name of an EC key's curve; null for the others.
  const char* digest;      // Null where the scheme hashes by itself.
  size_t raw_size;         // Bytes of a raw private key, and of a coordinate; 0: no raw form.
  std::string_view oid;    // The curve's object identifier in DER (RFC 5480, 2.1.1.1; SEC 2, A.2).
  std::string_view order;  // Of the curve's group, in hexadecimal; empty for the others.
};

// Ed25519 and Ed448 (RFC 8032); ECDSA on the curves of FIPS 186-5 and SEC 2, with digests as long
// as the order; RSASSA-PKCS1-v1_5 ("rsa") and RSASSA-PSS (RFC 8017).
std::span<const KeyKind> key_kinds();

// Null when no kind has that name.
const KeyKind* find_key_kind(std::string_view name);

// Null for a key of no known kind.
const KeyKind* key_kind_of(const SignatureApi& api, const Pkey* key);

}  // namespace nearfar::crypto
