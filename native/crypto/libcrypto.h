#pragma once

#include <cstddef>

#include "core/result.h"

// The functions of libcrypto that this process already contains, found by name when first used: no
// link-time dependency, no headers and no second copy, so security fixes arrive with Node itself.
// Signatures are those of OpenSSL 3's manual pages (EVP_DigestInit(3), ERR_get_error(3)); they are
// part of libcrypto's stable ABI.
namespace nearfar::crypto {

// Opaque types of libcrypto. Only pointers to them exist here.
struct Md;
struct MdContext;

struct ErrorApi {
  unsigned long (*peek_first)();                    // NOLINT: libcrypto's own type
  const char* (*reason)(unsigned long error_code);  // NOLINT
  void (*clear)();
};

struct DigestApi {
  ErrorApi errors;
  Md* (*fetch)(void* library_context, const char* algorithm, const char* properties);
  void (*free)(Md* md);
  int (*get_size)(const Md* md);
  int (*get_block_size)(const Md* md);
  unsigned long (*get_flags)(const Md* md);  // NOLINT
  MdContext* (*context_new)();
  void (*context_free)(MdContext* context);
  int (*context_copy)(MdContext* target, const MdContext* source);
  int (*init)(MdContext* context, const Md* md, const void* parameters);
  int (*update)(MdContext* context, const void* data, size_t length);
  int (*final)(MdContext* context, unsigned char* digest, unsigned int* length);
  int (*final_xof)(MdContext* context, unsigned char* digest, size_t length);
  void (*cleanse)(void* memory, size_t length);
};

// All or nothing: one missing function (BoringSSL, in Electron and Bun, has no EVP_MD_fetch) makes
// the capability kCryptoUnavailable, with the function's name. Safe to call from any thread.
const Result<DigestApi>& digest_api();

// What libcrypto said about the failure just seen, and an empty error queue for whoever uses
// libcrypto next on this thread.
Error take_error(const ErrorApi& errors, ErrorCode code, const char* fallback);

}  // namespace nearfar::crypto
