#include "capi/status.h"

#include <cstdint>
#include <string>

#include "crypto/libcrypto_source.h"
#include "crypto/signature_api.h"
#include "platform/library.h"

namespace nearfar::capi {
namespace {

struct CryptoLibrary {
  int status;
  std::string text;
};

CryptoLibrary describe_library() {
  const Result<crypto::SignatureApi>& api = crypto::signature_api();
  if (!api) return {status_of(api.error()), api.error().detail};
  using Version = const char*(int part);
  const Result<void*> version =
      platform::find_symbol(crypto::libcrypto().value(), "OpenSSL_version");
  const char* text = version ? reinterpret_cast<Version*>(version.value())(0) : "OpenSSL";
  return {NEARFAR_OK, text};
}

}  // namespace

int status_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::kOk:
      return NEARFAR_OK;
    case ErrorCode::kUnknownAlgorithm:
      return NEARFAR_ERR_UNKNOWN_ALGORITHM;
    case ErrorCode::kInvalidKey:
      return NEARFAR_ERR_INVALID_KEY;
    case ErrorCode::kCryptoUnavailable:
    case ErrorCode::kLibraryNotFound:
    case ErrorCode::kSymbolNotFound:
      return NEARFAR_ERR_CRYPTO_UNAVAILABLE;
    case ErrorCode::kOutOfMemory:
      return NEARFAR_ERR_OUT_OF_MEMORY;
    case ErrorCode::kInvalidArgument:
    case ErrorCode::kUnknownType:
    case ErrorCode::kTooManyArguments:
    case ErrorCode::kLibraryClosed:
    case ErrorCode::kDetachedBuffer:
    case ErrorCode::kNotSupported:
      return NEARFAR_ERR_INVALID_ARGUMENT;
    case ErrorCode::kCryptoFailed:
    case ErrorCode::kReadFailed:
    case ErrorCode::kInternal:
      return NEARFAR_ERR_CRYPTO_FAILED;
  }
  return NEARFAR_ERR_CRYPTO_FAILED;
}

int check_input(const void* data, size_t size) {
  if (size > PTRDIFF_MAX) return NEARFAR_ERR_INPUT_TOO_LARGE;
  return data == nullptr && size > 0 ? NEARFAR_ERR_NULL_POINTER : NEARFAR_OK;
}

int check_output(const void* out, size_t capacity, size_t needed, size_t* length) {
  if (out == nullptr && capacity > 0) return NEARFAR_ERR_NULL_POINTER;
  if (length != nullptr) *length = needed;
  return capacity < needed ? NEARFAR_ERR_BUFFER_TOO_SMALL : NEARFAR_OK;
}

}  // namespace nearfar::capi

const char* nearfar_version() { return NEARFAR_VERSION; }

int nearfar_abi_version() { return NEARFAR_ABI_VERSION; }

const char* nearfar_error_text(int code) {
  switch (code) {
    case NEARFAR_OK:
      return "done";
    case NEARFAR_ERR_NULL_POINTER:
      return "an argument that must not be NULL is";
    case NEARFAR_ERR_BUFFER_TOO_SMALL:
      return "the output has too little room";
    case NEARFAR_ERR_UNKNOWN_ALGORITHM:
      return "no algorithm of that name exists here, or it cannot be used for this";
    case NEARFAR_ERR_INPUT_TOO_LARGE:
      return "a size is larger than memory can be";
    case NEARFAR_ERR_INVALID_ARGUMENT:
      return "an argument has a value that the function does not take";
    case NEARFAR_ERR_INVALID_KEY:
      return "it is not a key of that kind and format, or not a key for this";
    case NEARFAR_ERR_BAD_SIGNATURE:
      return "the signature is not one of this data by this key";
    case NEARFAR_ERR_CRYPTO_UNAVAILABLE:
      return "no OpenSSL 3 was found; nearfar_crypto_library says why";
    case NEARFAR_ERR_CRYPTO_FAILED:
      return "libcrypto failed";
    case NEARFAR_ERR_OUT_OF_MEMORY:
      return "there is not enough memory";
    case NEARFAR_ERR_FINISHED:
      return "the hasher has given its digest; reset it for another";
    default:
      return "not an error code of nearfar";
  }
}

int nearfar_crypto_library(const char** text) {
  // Never destroyed: what it points to is the caller's for as long as the process lives.
  static const auto* const library =
      new nearfar::capi::CryptoLibrary(nearfar::capi::describe_library());
  if (text != nullptr) *text = library->text.c_str();
  return library->status;
}
