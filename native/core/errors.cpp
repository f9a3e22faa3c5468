#include "core/errors.h"

namespace nearfar {

const char* error_code_name(ErrorCode code) {
  switch (code) {
    case ErrorCode::kOk:
      return "OK";
    case ErrorCode::kInvalidArgument:
      return "INVALID_ARGUMENT";
    case ErrorCode::kUnknownType:
      return "UNKNOWN_TYPE";
    case ErrorCode::kTooManyArguments:
      return "TOO_MANY_ARGUMENTS";
    case ErrorCode::kLibraryNotFound:
      return "LIBRARY_NOT_FOUND";
    case ErrorCode::kSymbolNotFound:
      return "SYMBOL_NOT_FOUND";
    case ErrorCode::kLibraryClosed:
      return "LIBRARY_CLOSED";
    case ErrorCode::kDetachedBuffer:
      return "DETACHED_BUFFER";
    case ErrorCode::kOutOfMemory:
      return "OUT_OF_MEMORY";
    case ErrorCode::kNotSupported:
      return "NOT_SUPPORTED";
    case ErrorCode::kCryptoUnavailable:
      return "CRYPTO_UNAVAILABLE";
    case ErrorCode::kUnknownAlgorithm:
      return "UNKNOWN_ALGORITHM";
    case ErrorCode::kInvalidKey:
      return "INVALID_KEY";
    case ErrorCode::kCryptoFailed:
      return "CRYPTO_FAILED";
    case ErrorCode::kReadFailed:
      return "READ_FAILED";
    case ErrorCode::kInternal:
      return "INTERNAL";
  }
  return "INTERNAL";
}

}  // namespace nearfar
