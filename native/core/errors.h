#pragma once

#include <string>

namespace nearfar {

// Every way the native side fails. `error_code_name` gives the stable name that JavaScript sees.
enum class ErrorCode {
  kOk,
  kInvalidArgument,
  kUnknownType,
  kTooManyArguments,
  kLibraryNotFound,
  kSymbolNotFound,
  kLibraryClosed,
  kDetachedBuffer,
  kOutOfMemory,
  kNotSupported,
  kCryptoUnavailable,
  kUnknownAlgorithm,
  kInvalidKey,
  kCryptoFailed,
  kReadFailed,
  kInternal,
};

const char* error_code_name(ErrorCode code);

struct Error {
  ErrorCode code = ErrorCode::kOk;
  std::string detail;  // What the operating system or library said; the caller words the message.
};

}  // namespace nearfar
