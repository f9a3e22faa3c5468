#include "crypto/key_api.h"

#include "crypto/binder.h"

namespace nearfar::crypto {
namespace {

Result<KeyApi> load() {
  const Result<SignatureApi>& signatures = signature_api();
  if (!signatures) return signatures.error();
  Binder binder;
  KeyApi api{};
  api.signatures = signatures.value();
  binder.bind(api.generate, "EVP_PKEY_Q_keygen");
  binder.bind(api.new_raw_private, "EVP_PKEY_new_raw_private_key_ex");
  binder.bind(api.new_raw_public, "EVP_PKEY_new_raw_public_key_ex");
  binder.bind(api.get_raw_private, "EVP_PKEY_get_raw_private_key");
  binder.bind(api.get_raw_public, "EVP_PKEY_get_raw_public_key");
  binder.bind(api.get_number, "EVP_PKEY_get_bn_param");
  binder.bind(api.write_number, "BN_bn2binpad");
  binder.bind(api.free_number, "BN_clear_free");
  binder.bind(api.reader, "BIO_new_mem_buf");
  binder.bind(api.new_bio, "BIO_new");
  binder.bind(api.secure_memory, "BIO_s_secmem");
  binder.bind(api.bio_control, "BIO_ctrl");
  binder.bind(api.free_bio, "BIO_free");
  binder.bind(api.read_pem_private, "PEM_read_bio_PrivateKey");
  binder.bind(api.read_pem_public, "PEM_read_bio_PUBKEY");
  binder.bind(api.write_pem_private, "PEM_write_bio_PKCS8PrivateKey");
  binder.bind(api.write_pem_public, "PEM_write_bio_PUBKEY");
  binder.bind(api.write_der_private, "i2d_PKCS8PrivateKey_bio");
  binder.bind(api.write_der_public, "i2d_PUBKEY_bio");
  if (binder.failed()) return binder.error();
  return api;
}

}  // namespace

const Result<KeyApi>& key_api() {
  static const Result<KeyApi> api = load();
  return api;
}

Result<PkeyHandle> adopt_key(const KeyApi& api, Pkey* key) {
  if (key == nullptr) return key_refusal(api);
  // Readers leave the errors of what they tried before they succeeded.
  api.signatures.digests.errors.clear();
  return PkeyHandle(key, {api.signatures.key_free});
}

Error key_refusal(const KeyApi& api) {
  return take_error(api.signatures.digests.errors, ErrorCode::kInvalidKey, "not a key");
}

}  // namespace nearfar::crypto
