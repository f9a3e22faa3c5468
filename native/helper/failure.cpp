#include "helper/failure.h"

namespace nearfar::helper {

const char* failure_code_name(FailureCode code) {
  switch (code) {
    case FailureCode::kInvalidJson:
      return "ERR_INVALID_JSON";
    case FailureCode::kUnknownCommand:
      return "ERR_UNKNOWN_CMD";
    case FailureCode::kMissingParameter:
      return "ERR_MISSING_PARAM";
    case FailureCode::kInvalidHandle:
      return "ERR_INVALID_HANDLE";
    case FailureCode::kInvalidSymbol:
      return "ERR_INVALID_SYMBOL";
    case FailureCode::kLoadFailed:
      return "ERR_DLOPEN_FAILED";
    case FailureCode::kSymbolFailed:
      return "ERR_DLSYM_FAILED";
    case FailureCode::kCallFailed:
      return "ERR_CALL_FAILED";
    case FailureCode::kTypeError:
      return "ERR_TYPE_ERROR";
    case FailureCode::kUnsupportedArguments:
      return "ERR_UNSUPPORTED_ARGS";
    case FailureCode::kAllocationFailed:
      return "ERR_MALLOC_FAILED";
    case FailureCode::kInvalidMemory:
      return "ERR_INVALID_MEM_ID";
    case FailureCode::kOutOfBounds:
      return "ERR_OUT_OF_BOUNDS";
    case FailureCode::kInvalidBase64:
      return "ERR_INVALID_BASE64";
    case FailureCode::kVersionMismatch:
      return "ERR_VERSION_MISMATCH";
  }
  return "ERR_CALL_FAILED";
}

}  // namespace nearfar::helper
