/*
 * nearfar: hashes, message authentication codes and signatures by OpenSSL 3, behind a small C ABI.
 *
 * A plain shared library without Node in it, for C99, C++ and every language that calls C.
 * `cc main.c $(npx nearfar doctor --c --cflags --libs)` compiles and links a program with it.
 *
 * Results. A function that can fail returns NEARFAR_OK (0) or a negative error code, of which
 * nearfar_error_text gives the meaning. Nothing is written to an output before all arguments have
 * been checked; a handle that could not be made is set to NULL.
 *
 * Outputs. The caller owns all memory: `out` has room for `capacity` bytes. `length`, which may be
 * NULL, receives how many were written. With NEARFAR_ERR_BUFFER_TOO_SMALL nothing is written and
 * `length` receives a capacity that is enough; to ask for it, pass NULL and 0 for `out` and
 * `capacity`. `out` may overlap the input.
 *
 * Inputs. `data` may be NULL only if `size` is 0. A size above PTRDIFF_MAX, as a negative length
 * turned into size_t has, is NEARFAR_ERR_INPUT_TOO_LARGE. Nothing is kept after the call.
 *
 * Handles. What a function makes belongs to the caller, who ends it with the function that
 * frees its kind. Freeing NULL does nothing. Keys and hashers clear what is secret in them.
 *
 * Threads. All functions may be called from any thread. A key may be used by many threads at once
 * until it is freed; a hasher by one thread at a time.
 *
 * libcrypto is the one that the process has already loaded, or else the system's own, of OpenSSL 4
 * or 3 (libcrypto.so.3, libcrypto.3.dylib, libcrypto-3-x64.dll), found when it is first needed.
 */
#ifndef NEARFAR_H
#define NEARFAR_H

#include <stddef.h>

/* Raised when a function is changed or removed, and with it the name of the library
 * (libnearfar.so.1). New functions do not change it. */
#define NEARFAR_ABI_VERSION 1

#if defined(NEARFAR_STATIC)
#define NEARFAR_API
#elif defined(_WIN32) && defined(NEARFAR_BUILDING_LIBRARY)
#define NEARFAR_API __declspec(dllexport)
#elif defined(_WIN32)
#define NEARFAR_API __declspec(dllimport)
#elif defined(__GNUC__)
#define NEARFAR_API __attribute__((visibility("default")))
#else
#define NEARFAR_API
#endif

/* A result that must be looked at. */
#if defined(__GNUC__)
#define NEARFAR_CHECKED NEARFAR_API __attribute__((warn_unused_result))
#else
#define NEARFAR_CHECKED NEARFAR_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

#define NEARFAR_OK 0
/* An argument that must not be NULL is. */
#define NEARFAR_ERR_NULL_POINTER (-1)
/* The output has too little room; nothing was written. */
#define NEARFAR_ERR_BUFFER_TOO_SMALL (-2)
/* No algorithm of that name, or one that cannot be used for this. */
#define NEARFAR_ERR_UNKNOWN_ALGORITHM (-3)
/* A size above PTRDIFF_MAX. */
#define NEARFAR_ERR_INPUT_TOO_LARGE (-4)
/* An argument has a value that the function does not take. */
#define NEARFAR_ERR_INVALID_ARGUMENT (-5)
/* What was given is not a key of that kind and format, or not a key for this. */
#define NEARFAR_ERR_INVALID_KEY (-6)
/* The signature is not one of this data by this key. */
#define NEARFAR_ERR_BAD_SIGNATURE (-7)
/* No OpenSSL 3 was found; nearfar_crypto_library says why. */
#define NEARFAR_ERR_CRYPTO_UNAVAILABLE (-8)
/* libcrypto failed. */
#define NEARFAR_ERR_CRYPTO_FAILED (-9)
#define NEARFAR_ERR_OUT_OF_MEMORY (-10)
/* The hasher has given its digest; nearfar_hasher_reset begins anew. */
#define NEARFAR_ERR_FINISHED (-11)

/* The version of the library, "major.minor.patch". Static memory. */
NEARFAR_API const char* nearfar_version(void);

/* NEARFAR_ABI_VERSION of the library that runs, to compare with the header's. */
NEARFAR_API int nearfar_abi_version(void);

/* What a code means, in a sentence. Static memory, never NULL, for every int. */
NEARFAR_API const char* nearfar_error_text(int code);

/* Which libcrypto is used, or why there is none (NEARFAR_ERR_CRYPTO_UNAVAILABLE). `text`, which may
 * be NULL, receives a sentence in static memory. */
NEARFAR_CHECKED int nearfar_crypto_library(const char** text);

/* Hashes.
 *
 * `algorithm` is a name in any common spelling: "SHA256", "sha-256", "SHA3-512", "BLAKE2b", "MD5".
 * The digest of an extendable function (SHAKE128, SHAKE256) has 16 and 32 bytes unless
 * nearfar_hash_xof or nearfar_hasher_digest_xof is told otherwise. */

/* The digest in hexadecimal, with a terminator: SHA-256 takes 65 bytes. */
NEARFAR_CHECKED int nearfar_hash(const void* data, size_t size, const char* algorithm, char* hex,
                                 size_t capacity);

/* The digest in bytes. */
NEARFAR_CHECKED int nearfar_hash_bytes(const void* data, size_t size, const char* algorithm,
                                       void* out, size_t capacity, size_t* length);

/* Exactly `out_size` bytes, 1 to 2^30, of an extendable function. */
NEARFAR_CHECKED int nearfar_hash_xof(const void* data, size_t size, const char* algorithm,
                                     void* out, size_t out_size);

/* How many bytes a digest has. */
NEARFAR_CHECKED int nearfar_digest_size(const char* algorithm, size_t* size);

/* HMAC (RFC 2104) in bytes. Extendable functions have none. */
NEARFAR_CHECKED int nearfar_hmac(const void* key, size_t key_size, const void* data, size_t size,
                                 const char* algorithm, void* out, size_t capacity, size_t* length);

/* Hashing piece by piece. */

typedef struct nearfar_hasher nearfar_hasher;

NEARFAR_CHECKED int nearfar_hasher_new(const char* algorithm, nearfar_hasher** hasher);
NEARFAR_CHECKED int nearfar_hasher_new_hmac(const void* key, size_t key_size, const char* algorithm,
                                            nearfar_hasher** hasher);

NEARFAR_CHECKED int nearfar_hasher_update(nearfar_hasher* hasher, const void* data, size_t size);

/* The digest of all data so far. Ends the hasher's work unless the buffer was too small. */
NEARFAR_CHECKED int nearfar_hasher_digest(nearfar_hasher* hasher, void* out, size_t capacity,
                                          size_t* length);

/* As nearfar_hash_xof. */
NEARFAR_CHECKED int nearfar_hasher_digest_xof(nearfar_hasher* hasher, void* out, size_t out_size);

/* Forgets all data, for another digest with the same algorithm and key. */
NEARFAR_CHECKED int nearfar_hasher_reset(nearfar_hasher* hasher);

/* Another hasher that has seen the same data. */
NEARFAR_CHECKED int nearfar_hasher_copy(const nearfar_hasher* hasher, nearfar_hasher** copy);

NEARFAR_API void nearfar_hasher_free(nearfar_hasher* hasher);

/* Keys.
 *
 * `algorithm` is "ed25519", "ed448", "p256", "p384", "p521" or "secp256k1", or for RSA
 * "rsa", of which `nearfar_key_generate` makes 3072 bits, or "rsa-pss", which it does not make.
 * `format` is "pem", "der" (PKCS#8, SPKI) or "raw". Raw are the private and public bytes of RFC
 * 8032 for Ed25519 and Ed448; for the curves the scalar, and the point, uncompressed, as which a
 * compressed one is also read. RSA has no raw form. */

typedef struct nearfar_key nearfar_key;

/* A new private key from OpenSSL's random numbers. */
NEARFAR_CHECKED int nearfar_key_generate(const char* algorithm, nearfar_key** key);

/* `algorithm` may be NULL unless the format is "raw"; otherwise a key of another is refused. */
NEARFAR_CHECKED int nearfar_key_import_private(const void* bytes, size_t size, const char* format,
                                               const char* algorithm, nearfar_key** key);
NEARFAR_CHECKED int nearfar_key_import_public(const void* bytes, size_t size, const char* format,
                                              const char* algorithm, nearfar_key** key);

/* PEM that is encrypted with a passphrase. */
NEARFAR_CHECKED int nearfar_key_import_encrypted(const void* pem, size_t size,
                                                 const void* passphrase, size_t passphrase_size,
                                                 nearfar_key** key);

/* The public half of a private key, or another handle of a public one. */
NEARFAR_CHECKED int nearfar_key_public(const nearfar_key* key, nearfar_key** public_key);

/* Writes a private key, unencrypted: clear the buffer when it is not needed any more. PEM has no
 * terminator. NEARFAR_ERR_INVALID_KEY for a public key. */
NEARFAR_CHECKED int nearfar_key_export_private(const nearfar_key* key, const char* format,
                                               void* out, size_t capacity, size_t* length);

/* Writes a public key, or the public half of a private one. */
NEARFAR_CHECKED int nearfar_key_export_public(const nearfar_key* key, const char* format, void* out,
                                              size_t capacity, size_t* length);

/* The name of a key's algorithm, in static memory; NULL for NULL. */
NEARFAR_API const char* nearfar_key_algorithm(const nearfar_key* key);

/* 1 for a private key, 0 for a public one and for NULL. */
NEARFAR_API int nearfar_key_is_private(const nearfar_key* key);

NEARFAR_API void nearfar_key_free(nearfar_key* key);

/* Signatures: Ed25519 and Ed448 (RFC 8032); ECDSA in DER, with SHA-256 for P-256 and secp256k1,
 * SHA-384 for P-384, SHA-512 for P-521; RSA by PKCS#1 v1.5, and
 * RSA-PSS with a salt of 32 bytes, with SHA-256. */

/* How a key signs where it is not to be the usual way. Begin with `nearfar_signature_options
 * options = {sizeof options};`: what is 0 or NULL stays as above. */
typedef struct nearfar_signature_options {
  size_t struct_size; /* sizeof(nearfar_signature_options), by which versions tell them apart */
  const char* hash;   /* of ECDSA and RSA: SHA-2, SHA-3, or SHA-1, for old signatures only */
  const char* dsa_encoding; /* of ECDSA: "der", or "ieee-p1363", which is r and s */
  int low_s;           /* of ECDSA: 1 for the smaller s only, signing and verifying (BIP 146) */
  const char* padding; /* of RSA: "pkcs1" or "pss" */
  int salt_length;     /* of PSS: bytes, or one of the following */
} nearfar_signature_options;

/* As many bytes as the hash has. */
#define NEARFAR_SALT_DIGEST 0
/* When signing as many as there is room for, when verifying whatever there is. */
#define NEARFAR_SALT_ANY (-1)
/* None. */
#define NEARFAR_SALT_NONE (-2)

/* Another handle of a key, which signs or verifies with options. NEARFAR_ERR_INVALID_ARGUMENT for
 * options that its algorithm does not have. */
NEARFAR_CHECKED int nearfar_key_with_options(const nearfar_key* key,
                                             const nearfar_signature_options* options,
                                             nearfar_key** result);

/* The most bytes a signature by this key or its private half has. */
NEARFAR_CHECKED int nearfar_signature_size(const nearfar_key* key, size_t* size);

/* Signs with a private key. `capacity` must be nearfar_signature_size, of which an ECDSA signature
 * may leave some bytes: `length` tells. */
NEARFAR_CHECKED int nearfar_sign(const nearfar_key* key, const void* data, size_t size, void* out,
                                 size_t capacity, size_t* length);

/* NEARFAR_OK if, and only if, the signature is one of the data by the private half of this public
 * key; NEARFAR_ERR_BAD_SIGNATURE if it is not, or is none at all. */
NEARFAR_CHECKED int nearfar_verify(const nearfar_key* key, const void* data, size_t size,
                                   const void* signature, size_t signature_size);

#ifdef __cplusplus
}
#endif

#endif /* NEARFAR_H */
