#include <algorithm>
#include <iterator>
#include <new>
#include <string_view>

#include "capi/algorithm.h"
#include "capi/key.h"

namespace {

using namespace std::string_view_literals;
using namespace nearfar::crypto;
using nearfar::Result;
using nearfar::capi::Algorithm;
using nearfar::capi::status_of;

// Hashes that signatures may be of. Those without collision resistance at all, such as MD5
// (RFC 6151), are left out.
constexpr std::string_view kSignatureHashes[] = {
    "sha1",       "sha224",   "sha256",   "sha384",   "sha512",   "sha512-224",
    "sha512-256", "sha3-224", "sha3-256", "sha3-384", "sha3-512",
};

// Longer than what the largest modulus has room for, 16384 bits.
constexpr int kMaxSaltBytes = 2048;

int read_hash(const char* name, SignatureParameters& parameters) {
  if (name == nullptr) return NEARFAR_OK;
  const Result<const Algorithm*> found = nearfar::capi::find_algorithm(name);
  if (!found) return status_of(found.error());
  const char* canonical = found.value()->name;
  const auto* end = std::end(kSignatureHashes);
  if (std::find(std::begin(kSignatureHashes), end, canonical) == end) {
    return NEARFAR_ERR_UNKNOWN_ALGORITHM;
  }
  parameters.digest = canonical;
  return NEARFAR_OK;
}

// These four: false for a value that the option cannot have.
bool read_encoding(const char* name, SignatureParameters& parameters) {
  if (name == nullptr) return true;
  if (name == "ieee-p1363"sv) parameters.encoding = EcdsaEncoding::kP1363;
  return name == "ieee-p1363"sv || name == "der"sv;
}

bool read_low_s(int low_s, SignatureParameters& parameters) {
  parameters.low_s = low_s == 1;
  return low_s == 0 || low_s == 1;
}

bool read_padding(const char* name, const KeyKind& kind, SignatureParameters& parameters) {
  if (name == nullptr) return true;
  if (name == "pss"sv) parameters.padding = RsaPadding::kPss;
  return name == "pss"sv || (name == "pkcs1"sv && kind.type == "RSA"sv);
}

bool read_salt_length(int length, SignatureParameters& parameters) {
  if (length == NEARFAR_SALT_DIGEST) return true;
  parameters.salt_length = length == NEARFAR_SALT_ANY    ? kSaltAny
                           : length == NEARFAR_SALT_NONE ? 0
                                                         : length;
  return parameters.padding == RsaPadding::kPss && length >= NEARFAR_SALT_NONE &&
         length <= kMaxSaltBytes;
}

int read_options(const nearfar_signature_options& options, const KeyKind& kind,
                 SignatureParameters& parameters) {
  const bool is_ecdsa = kind.family == KeyFamily::kEcdsa;
  const bool is_rsa = kind.family == KeyFamily::kRsa;
  const bool has_ecdsa = options.dsa_encoding != nullptr || options.low_s != 0;
  const bool has_rsa = options.padding != nullptr || options.salt_length != 0;
  if ((has_ecdsa && !is_ecdsa) || (has_rsa && !is_rsa) ||
      (options.hash != nullptr && kind.family == KeyFamily::kEdwards)) {
    return NEARFAR_ERR_INVALID_ARGUMENT;
  }
  const bool is_valid = read_encoding(options.dsa_encoding, parameters) &&
                        read_low_s(options.low_s, parameters) &&
                        read_padding(options.padding, kind, parameters) &&
                        read_salt_length(options.salt_length, parameters);
  return is_valid ? read_hash(options.hash, parameters) : NEARFAR_ERR_INVALID_ARGUMENT;
}

// The same key once more.
Result<Key> duplicate(const Key& key) {
  const Result<SecretBytes> der = key.is_private()
                                      ? write_private_key(KeyFormat::kDer, key.handle())
                                      : write_public_key(KeyFormat::kDer, key.handle());
  if (!der) return der.error();
  return key.is_private() ? Key::read_private(der.value().bytes())
                          : Key::read_public(der.value().bytes());
}

}  // namespace

int nearfar_key_with_options(const nearfar_key* key, const nearfar_signature_options* options,
                             nearfar_key** result) {
  if (result == nullptr) return NEARFAR_ERR_NULL_POINTER;
  *result = nullptr;
  if (key == nullptr || options == nullptr) return NEARFAR_ERR_NULL_POINTER;
  // Later versions append members, which callers of this one do not have.
  if (options->struct_size != sizeof *options) return NEARFAR_ERR_INVALID_ARGUMENT;
  SignatureParameters parameters = default_parameters(key->key.kind());
  const int status = read_options(*options, key->key.kind(), parameters);
  if (status != NEARFAR_OK) return status;
  Result<Key> copy = duplicate(key->key);
  if (!copy) return status_of(copy.error());
  Result<KeyOperation> ready = KeyOperation::prepare(copy.value(), parameters);
  if (!ready) return status_of(ready.error());
  *result = new (std::nothrow) nearfar_key{std::move(copy.value()), std::move(ready.value())};
  return *result != nullptr ? NEARFAR_OK : NEARFAR_ERR_OUT_OF_MEMORY;
}
