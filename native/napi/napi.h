#pragma once

#include <node_api.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/result.h"

// What node_api.h leaves to do by hand: arguments, checked conversions, errors. Every helper leaves
// a pending JavaScript exception when it returns an empty value, so a caller only returns.
namespace nearfar::napi {

// The arguments of one call, and the pointer the function was created with.
template <size_t kCount>
class Arguments {
 public:
  Arguments(napi_env env, napi_callback_info info) {
    size_t count = kCount;
    ok_ = napi_get_cb_info(env, info, &count, values_, nullptr, &data_) == napi_ok;
  }
  explicit operator bool() const { return ok_; }
  napi_value operator[](size_t index) const { return values_[index]; }
  template <typename T>
  T& data() const {
    return *static_cast<T*>(data_);
  }

 private:
  napi_value values_[kCount == 0 ? 1 : kCount] = {};
  void* data_ = nullptr;
  bool ok_ = false;
};

// Throws an Error whose `code` is the stable name of the error code. Returns null, for `return`.
napi_value throw_error(napi_env env, const Error& error);
napi_value throw_error(napi_env env, ErrorCode code, const char* detail);

// Turns a failed status into a pending exception. Returns whether the status was napi_ok.
bool check(napi_env env, napi_status status);

// Takes a pending exception away: to the process's uncaughtException, or nowhere if the environment
// is terminating and there is no JavaScript to see it.
void report_uncaught(napi_env env);

// Calls a function that takes nothing, on the event loop. What it throws is uncaught.
void call_event(napi_env env, napi_ref function);

std::optional<std::string> to_string(napi_env env, napi_value value);  // UTF-8
std::optional<uint32_t> to_uint32(napi_env env, napi_value value);
std::optional<double> to_double(napi_env env, napi_value value);
std::optional<uint64_t> to_address(napi_env env, napi_value value);  // From a bigint.
bool is_nullish(napi_env env, napi_value value);

// The memory of an ArrayBufferView or ArrayBuffer, valid until JavaScript runs again. A detached
// buffer has no memory: an exception.
std::optional<std::span<std::byte>> to_bytes(napi_env env, napi_value value);

// Whether the buffer below a view is detached. Costs a handle: ask only when a length is 0.
bool is_detached(napi_env env, napi_value view);

napi_value from_string(napi_env env, std::string_view text);  // Latin-1 or ASCII
napi_value from_utf8(napi_env env, std::string_view text);
napi_value from_double(napi_env env, double value);
napi_value from_address(napi_env env, uint64_t address);
napi_value from_bool(napi_env env, bool value);
napi_value make_object(napi_env env);
napi_value make_array(napi_env env);

bool set(napi_env env, napi_value object, const char* name, napi_value value);
bool append(napi_env env, napi_value array, napi_value value);
bool set_function(napi_env env, napi_value object, const char* name, napi_callback callback,
                  void* data);

}  // namespace nearfar::napi
