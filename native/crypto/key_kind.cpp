#include "crypto/key_kind.h"

namespace nearfar::crypto {
namespace {

using namespace std::string_view_literals;

// SEC 2, version 2.0, sections 2.4.1 to 2.6.1.
constexpr std::string_view kOrderP256 =
    "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";
constexpr std::string_view kOrderP384 =
    "ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf"
    "581a0db248b0a77aecec196accc52973";
constexpr std::string_view kOrderP521 =
    "01fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa"
    "51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409";
constexpr std::string_view kOrderSecp256k1 =
    "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141";

constexpr KeyKind kKinds[] = {
    {"ed25519", KeyFamily::kEdwards, "ED25519", nullptr, nullptr, 32, {}, {}},
    {"ed448", KeyFamily::kEdwards, "ED448", nullptr, nullptr, 57, {}, {}},
    {"p256", KeyFamily::kEcdsa, "EC", "prime256v1", "SHA2-256", 32,
     "\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07"sv, kOrderP256},
    {"p384", KeyFamily::kEcdsa, "EC", "secp384r1", "SHA2-384", 48, "\x06\x05\x2b\x81\x04\x00\x22"sv,
     kOrderP384},
    {"p521", KeyFamily::kEcdsa, "EC", "secp521r1", "SHA2-512", 66, "\x06\x05\x2b\x81\x04\x00\x23"sv,
     kOrderP521},
    {"secp256k1", KeyFamily::kEcdsa, "EC", "secp256k1", "SHA2-256", 32,
     "\x06\x05\x2b\x81\x04\x00\x0a"sv, kOrderSecp256k1},
    {"rsa", KeyFamily::kRsa, "RSA", nullptr, "SHA2-256", 0, {}, {}},
    {"rsa-pss", KeyFamily::kRsa, "RSA-PSS", nullptr, "SHA2-256", 0, {}, {}},
};

bool has_group(const SignatureApi& api, const Pkey* key, const char* group) {
  char name[64];
  size_t length = 0;
  return api.key_group(key, name, sizeof name, &length) == 1 &&
         std::string_view(name, length) == group;
}

}  // namespace

std::span<const KeyKind> key_kinds() { return kKinds; }

const KeyKind* find_key_kind(std::string_view name) {
  for (const KeyKind& kind : kKinds) {
    if (kind.name == name) return &kind;
  }
  return nullptr;
}

const KeyKind* key_kind_of(const SignatureApi& api, const Pkey* key) {
  const KeyKind* found = nullptr;
  for (const KeyKind& kind : kKinds) {
    if (api.key_is(key, kind.type) != 1) continue;
    if (kind.group == nullptr || has_group(api, key, kind.group)) found = &kind;
  }
  api.digests.errors.clear();  // Asking a key without a group for its group leaves an error.
  return found;
}

}  // namespace nearfar::crypto
