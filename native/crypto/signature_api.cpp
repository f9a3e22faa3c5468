#include "crypto/signature_api.h"

#include "crypto/binder.h"

namespace nearfar::crypto {
namespace {

Result<SignatureApi> load_signatures() {
  const Result<DigestApi>& digests = digest_api();
  if (!digests) return digests.error();
  Binder binder;
  SignatureApi api{};
  api.digests = digests.value();
  binder.bind(api.read_private, "d2i_AutoPrivateKey");
  binder.bind(api.read_public, "d2i_PUBKEY");
  binder.bind(api.key_free, "EVP_PKEY_free");
  binder.bind(api.key_is, "EVP_PKEY_is_a");
  binder.bind(api.key_group, "EVP_PKEY_get_group_name");
  binder.bind(api.key_size, "EVP_PKEY_get_size");
  binder.bind(api.context_set_flags, "EVP_MD_CTX_set_flags");
  binder.bind(api.sign_init, "EVP_DigestSignInit");
  binder.bind(api.sign, "EVP_DigestSign");
  binder.bind(api.verify_init, "EVP_DigestVerifyInit");
  binder.bind(api.verify, "EVP_DigestVerify");
  binder.bind(api.set_rsa_padding, "EVP_PKEY_CTX_set_rsa_padding");
  binder.bind(api.set_pss_salt_length, "EVP_PKEY_CTX_set_rsa_pss_saltlen");
  if (binder.failed()) return binder.error();
  return api;
}

}  // namespace

const Result<SignatureApi>& signature_api() {
  static const Result<SignatureApi> api = load_signatures();
  return api;
}

}  // namespace nearfar::crypto
