#pragma once

#include "crypto/key.h"

namespace nearfar::crypto {

struct Bio;
struct BioMethod;
struct BigNumber;

using PassphraseCallback = int(char* out, int capacity, int is_writing, void* context);

// What key_material needs of libcrypto (PEM_read_bio_PrivateKey(3), EVP_PKEY_new(3),
// EVP_PKEY_gettable_params(3), BN_bn2bin(3)).
struct KeyApi {
  SignatureApi signatures;
  Pkey* (*generate)(void* library_context, const char* properties, const char* type, ...);
  Pkey* (*new_raw_private)(void* library_context, const char* type, const char* properties,
                           const unsigned char* bytes, size_t size);
  Pkey* (*new_raw_public)(void* library_context, const char* type, const char* properties,
                          const unsigned char* bytes, size_t size);
  int (*get_raw_private)(const Pkey* key, unsigned char* out, size_t* size);
  int (*get_raw_public)(const Pkey* key, unsigned char* out, size_t* size);
  int (*get_number)(const Pkey* key, const char* name, BigNumber** number);
  int (*write_number)(const BigNumber* number, unsigned char* out, int size);
  void (*free_number)(BigNumber* number);
  Bio* (*reader)(const void* data, int size);
  Bio* (*new_bio)(const BioMethod* method);
  const BioMethod* (*secure_memory)();
  long (*bio_control)(Bio* bio, int command, long argument, void* pointer);  // NOLINT
  int (*free_bio)(Bio* bio);
  Pkey* (*read_pem_private)(Bio* bio, Pkey** key, PassphraseCallback* callback, void* context);
  Pkey* (*read_pem_public)(Bio* bio, Pkey** key, PassphraseCallback* callback, void* context);
  int (*write_pem_private)(Bio* bio, const Pkey* key, const void* cipher, const char* passphrase,
                           int size, PassphraseCallback* callback, void* context);
  int (*write_pem_public)(Bio* bio, const Pkey* key);
  int (*write_der_private)(Bio* bio, const Pkey* key, const void* cipher, const char* passphrase,
                           int size, PassphraseCallback* callback, void* context);
  int (*write_der_public)(Bio* bio, const Pkey* key);
};

// All or nothing, as the other functions of libcrypto. Safe to call from any thread.
const Result<KeyApi>& key_api();

// A key that libcrypto was asked for; an error if it made none.
Result<PkeyHandle> adopt_key(const KeyApi& api, Pkey* key);

// Why libcrypto did not do as it was asked with a key, in its own words.
Error key_refusal(const KeyApi& api);

}  // namespace nearfar::crypto
