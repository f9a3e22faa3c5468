#pragma once

#include <optional>
#include <string>
#include <utility>

namespace nearfar::helper {

// Every way a request fails, in the words of helper protocol 1.0.
enum class FailureCode {
  kInvalidJson,
  kUnknownCommand,
  kMissingParameter,
  kInvalidHandle,
  kInvalidSymbol,
  kLoadFailed,
  kSymbolFailed,
  kCallFailed,
  kTypeError,
  kUnsupportedArguments,
  kAllocationFailed,
  kInvalidMemory,
  kOutOfBounds,
  kInvalidBase64,
  kVersionMismatch,
};

// ERR_INVALID_JSON and so on.
const char* failure_code_name(FailureCode code);

struct Failure {
  FailureCode code;
  std::string message;
};

// What a function gives that may fail: test it before `value()`.
template <typename T>
class [[nodiscard]] Outcome {
 public:
  Outcome(T value) : value_(std::move(value)) {}              // NOLINT: implicit by design
  Outcome(Failure failure) : failure_(std::move(failure)) {}  // NOLINT
  explicit operator bool() const { return value_.has_value(); }
  T& value() { return *value_; }
  const T& value() const { return *value_; }
  const Failure& failure() const { return *failure_; }

 private:
  std::optional<T> value_;
  std::optional<Failure> failure_;
};

// What a step gives that has no value: a failure, or nothing.
using Problem = std::optional<Failure>;

}  // namespace nearfar::helper
