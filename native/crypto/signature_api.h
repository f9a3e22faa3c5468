#pragma once

#include <memory>

#include "crypto/digest.h"
#include "crypto/libcrypto.h"

namespace nearfar::crypto {

struct Pkey;
struct PkeyContext;

// What keys and signatures need of libcrypto. Signatures are those of OpenSSL 3's manual pages
// (d2i_X509(3), EVP_DigestSignInit(3), EVP_PKEY_CTX_ctrl(3), EVP_MD_CTX_set_flags(3)).
struct SignatureApi {
  DigestApi digests;
  Pkey* (*read_private)(Pkey** key, const unsigned char** der, long length);  // NOLINT
  Pkey* (*read_public)(Pkey** key, const unsigned char** der, long length);   // NOLINT
  void (*key_free)(Pkey* key);
  int (*key_is)(const Pkey* key, const char* type);
  int (*key_group)(const Pkey* key, char* name, size_t capacity, size_t* length);
  int (*key_size)(const Pkey* key);
  void (*context_set_flags)(MdContext* context, int flags);
  int (*sign_init)(MdContext* context, PkeyContext** key_context, const Md* md, void* engine,
                   Pkey* key);
  int (*sign)(MdContext* context, unsigned char* signature, size_t* signature_length,
              const unsigned char* data, size_t length);
  int (*verify_init)(MdContext* context, PkeyContext** key_context, const Md* md, void* engine,
                     Pkey* key);
  int (*verify)(MdContext* context, const unsigned char* signature, size_t signature_length,
                const unsigned char* data, size_t length);
  int (*set_rsa_padding)(PkeyContext* context, int padding);
  int (*set_pss_salt_length)(PkeyContext* context, int length);
};

// As digest_api.
const Result<SignatureApi>& signature_api();

using PkeyHandle = std::unique_ptr<Pkey, Freer<Pkey>>;

}  // namespace nearfar::crypto
