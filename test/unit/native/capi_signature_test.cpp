#include <string_view>
#include <vector>

#include "check.h"
#include "include/nearfar.h"

// Signatures of the C ABI with options: what each changes, and for which keys it is refused.
namespace {

using Bytes = std::vector<unsigned char>;
constexpr std::string_view kMessage = "message";

struct Pair {
  nearfar_key* secret = nullptr;
  nearfar_key* open = nullptr;

  explicit Pair(const char* algorithm) {
    CHECK(nearfar_key_generate(algorithm, &secret) == NEARFAR_OK);
    CHECK(nearfar_key_public(secret, &open) == NEARFAR_OK);
  }
  ~Pair() {
    nearfar_key_free(secret);
    nearfar_key_free(open);
  }
};

Bytes sign(const nearfar_key* key) {
  size_t size = 0;
  CHECK(nearfar_signature_size(key, &size) == NEARFAR_OK);
  Bytes signature(size);
  CHECK(nearfar_sign(key, kMessage.data(), kMessage.size(), signature.data(), size, &size) ==
        NEARFAR_OK);
  signature.resize(size);
  return signature;
}

int verify(const nearfar_key* key, const Bytes& signature) {
  return nearfar_verify(key, kMessage.data(), kMessage.size(), signature.data(), signature.size());
}

nearfar_key* with(const nearfar_key* key, const nearfar_signature_options& options) {
  nearfar_key* result = nullptr;
  CHECK(nearfar_key_with_options(key, &options, &result) == NEARFAR_OK);
  return result;
}

nearfar_signature_options usual() {
  nearfar_signature_options options = {};
  options.struct_size = sizeof options;
  return options;
}

// Signs and verifies with options, and says whether the usual way refuses such a signature.
bool is_of_its_own(const Pair& pair, const nearfar_signature_options& options) {
  nearfar_key* secret = with(pair.secret, options);
  nearfar_key* open = with(pair.open, options);
  const Bytes signature = sign(secret);
  CHECK(verify(open, signature) == NEARFAR_OK);
  const bool refused = verify(pair.open, signature) == NEARFAR_ERR_BAD_SIGNATURE;
  nearfar_key_free(secret);
  nearfar_key_free(open);
  return refused;
}

void ecdsa_has_hash_encoding_and_low_s() {
  const Pair pair("p256");
  nearfar_signature_options options = usual();
  CHECK(!is_of_its_own(pair, options));
  options.hash = "SHA3-384";
  CHECK(is_of_its_own(pair, options));
  options = usual();
  options.dsa_encoding = "ieee-p1363";
  CHECK(is_of_its_own(pair, options));
  nearfar_key* plain = with(pair.secret, options);
  CHECK(sign(plain).size() == 64);
  nearfar_key_free(plain);
  options.dsa_encoding = "der";
  options.low_s = 1;
  CHECK(!is_of_its_own(pair, options));
}

void rsa_has_padding_and_salt() {
  const Pair pair("rsa");
  nearfar_signature_options options = usual();
  CHECK(!is_of_its_own(pair, options));
  options.padding = "pkcs1";
  CHECK(!is_of_its_own(pair, options));
  options.hash = "sha512";
  CHECK(is_of_its_own(pair, options));
  options.padding = "pss";
  for (const int salt : {NEARFAR_SALT_DIGEST, NEARFAR_SALT_ANY, NEARFAR_SALT_NONE, 20}) {
    options.salt_length = salt;
    CHECK(is_of_its_own(pair, options));
  }
}

int status_with(const nearfar_key* key, const nearfar_signature_options& options) {
  nearfar_key* result = nullptr;
  const int status = nearfar_key_with_options(key, &options, &result);
  CHECK((result != nullptr) == (status == NEARFAR_OK));
  nearfar_key_free(result);
  return status;
}

void options_are_refused_where_they_mean_nothing() {
  const Pair ed25519("ed25519");
  const Pair p256("p256");
  nearfar_signature_options options = usual();
  CHECK(status_with(ed25519.secret, options) == NEARFAR_OK);
  options.hash = "sha256";
  CHECK(status_with(ed25519.secret, options) == NEARFAR_ERR_INVALID_ARGUMENT);
  for (const char* hash : {"md5", "shake128", "none"}) {
    options.hash = hash;
    CHECK(status_with(p256.secret, options) == NEARFAR_ERR_UNKNOWN_ALGORITHM);
  }
  options = usual();
  options.padding = "pss";
  CHECK(status_with(p256.secret, options) == NEARFAR_ERR_INVALID_ARGUMENT);
  options = usual();
  options.salt_length = 20;
  CHECK(status_with(p256.secret, options) == NEARFAR_ERR_INVALID_ARGUMENT);
  options = usual();
  options.dsa_encoding = "p1363";
  CHECK(status_with(p256.secret, options) == NEARFAR_ERR_INVALID_ARGUMENT);
  options = usual();
  options.low_s = 2;
  CHECK(status_with(p256.secret, options) == NEARFAR_ERR_INVALID_ARGUMENT);
  options.low_s = 1;
  CHECK(status_with(ed25519.open, options) == NEARFAR_ERR_INVALID_ARGUMENT);
  options = usual();
  options.struct_size = sizeof options - 1;
  CHECK(status_with(p256.secret, options) == NEARFAR_ERR_INVALID_ARGUMENT);
  options = usual();
  nearfar_key* result = nullptr;
  CHECK(nearfar_key_with_options(nullptr, &options, &result) == NEARFAR_ERR_NULL_POINTER);
  CHECK(nearfar_key_with_options(p256.open, nullptr, &result) == NEARFAR_ERR_NULL_POINTER);
  CHECK(nearfar_key_with_options(p256.open, &options, nullptr) == NEARFAR_ERR_NULL_POINTER);
}

}  // namespace

void test_capi_signatures() {
  ecdsa_has_hash_encoding_and_low_s();
  rsa_has_padding_and_salt();
  options_are_refused_where_they_mean_nothing();
}
