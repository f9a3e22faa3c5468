#include "napi/napi.h"

namespace nearfar::napi {

napi_value throw_error(napi_env env, ErrorCode code, const char* detail) {
  napi_throw_error(env, error_code_name(code), detail);
  return nullptr;
}

napi_value throw_error(napi_env env, const Error& error) {
  return throw_error(env, error.code, error.detail.c_str());
}

bool check(napi_env env, napi_status status) {
  if (status == napi_ok) return true;
  bool pending = false;
  napi_is_exception_pending(env, &pending);
  if (!pending) {
    const napi_extended_error_info* info = nullptr;
    napi_get_last_error_info(env, &info);
    const char* text = info != nullptr ? info->error_message : nullptr;
    throw_error(env, ErrorCode::kInternal, text != nullptr ? text : "Node-API call failed");
  }
  return false;
}

void report_uncaught(napi_env env) {
  bool pending = false;
  napi_value exception = nullptr;
  if (napi_is_exception_pending(env, &pending) != napi_ok || !pending) return;
  if (napi_get_and_clear_last_exception(env, &exception) != napi_ok) return;
  napi_fatal_exception(env, exception);
}

void call_event(napi_env env, napi_ref function) {
  napi_handle_scope scope = nullptr;
  if (napi_open_handle_scope(env, &scope) != napi_ok) return;
  napi_value callee = nullptr;
  // Unlike napi_call_function, napi_make_callback has what was promised go on before the event loop
  // does. It wants an object to call on, and any is as good.
  if (napi_get_reference_value(env, function, &callee) == napi_ok && callee != nullptr &&
      napi_make_callback(env, nullptr, callee, callee, 0, nullptr, nullptr) != napi_ok) {
    report_uncaught(env);
  }
  napi_close_handle_scope(env, scope);
}

std::optional<std::string> to_string(napi_env env, napi_value value) {
  size_t length = 0;
  if (!check(env, napi_get_value_string_utf8(env, value, nullptr, 0, &length))) return {};
  std::string text(length, '\0');
  if (!check(env, napi_get_value_string_utf8(env, value, text.data(), length + 1, &length))) {
    return {};
  }
  return text;
}

std::optional<uint32_t> to_uint32(napi_env env, napi_value value) {
  uint32_t number = 0;
  if (!check(env, napi_get_value_uint32(env, value, &number))) return {};
  return number;
}

std::optional<double> to_double(napi_env env, napi_value value) {
  double number = 0;
  if (!check(env, napi_get_value_double(env, value, &number))) return {};
  return number;
}

std::optional<uint64_t> to_address(napi_env env, napi_value value) {
  uint64_t address = 0;
  bool lossless = false;
  if (!check(env, napi_get_value_bigint_uint64(env, value, &address, &lossless))) return {};
  if (!lossless || address > UINTPTR_MAX) {
    throw_error(env, ErrorCode::kInvalidArgument, "the address does not fit in a pointer");
    return {};
  }
  return address;
}

bool is_nullish(napi_env env, napi_value value) {
  napi_valuetype type = napi_undefined;
  if (value != nullptr) napi_typeof(env, value, &type);
  return type == napi_undefined || type == napi_null;
}

// Node-API reads a view's memory but tells a detached buffer only from its ArrayBuffer.
bool is_detached(napi_env env, napi_value view) {
  napi_value buffer = nullptr;
  bool is_typed = false;
  napi_is_typedarray(env, view, &is_typed);
  napi_status status =
      is_typed ? napi_get_typedarray_info(env, view, nullptr, nullptr, nullptr, &buffer, nullptr)
               : napi_get_dataview_info(env, view, nullptr, nullptr, &buffer, nullptr);
  bool detached = false;
  if (status == napi_ok) napi_is_detached_arraybuffer(env, buffer, &detached);
  return detached;
}

std::optional<std::span<std::byte>> to_bytes(napi_env env, napi_value value) {
  void* data = nullptr;
  size_t length = 0;
  bool is_view = false;
  bool detached = false;
  napi_is_buffer(env, value, &is_view);  // True for every ArrayBufferView.
  if (is_view) {
    if (!check(env, napi_get_buffer_info(env, value, &data, &length))) return {};
    if (length == 0) detached = is_detached(env, value);
  } else {
    if (!check(env, napi_get_arraybuffer_info(env, value, &data, &length))) return {};
    if (length == 0) napi_is_detached_arraybuffer(env, value, &detached);
  }
  if (detached) {
    throw_error(env, ErrorCode::kDetachedBuffer, "the buffer is detached");
    return {};
  }
  return std::span(static_cast<std::byte*>(data), length);
}

napi_value from_string(napi_env env, std::string_view text) {
  napi_value value = nullptr;
  check(env, napi_create_string_latin1(env, text.data(), text.size(), &value));
  return value;
}

napi_value from_utf8(napi_env env, std::string_view text) {
  napi_value value = nullptr;
  check(env, napi_create_string_utf8(env, text.data(), text.size(), &value));
  return value;
}

napi_value from_double(napi_env env, double number) {
  napi_value value = nullptr;
  check(env, napi_create_double(env, number, &value));
  return value;
}

napi_value from_address(napi_env env, uint64_t address) {
  napi_value value = nullptr;
  check(env, napi_create_bigint_uint64(env, address, &value));
  return value;
}

napi_value from_bool(napi_env env, bool boolean) {
  napi_value value = nullptr;
  check(env, napi_get_boolean(env, boolean, &value));
  return value;
}

napi_value make_object(napi_env env) {
  napi_value value = nullptr;
  check(env, napi_create_object(env, &value));
  return value;
}

napi_value make_array(napi_env env) {
  napi_value value = nullptr;
  check(env, napi_create_array(env, &value));
  return value;
}

bool set(napi_env env, napi_value object, const char* name, napi_value value) {
  return value != nullptr && check(env, napi_set_named_property(env, object, name, value));
}

bool append(napi_env env, napi_value array, napi_value value) {
  uint32_t length = 0;
  return value != nullptr && check(env, napi_get_array_length(env, array, &length)) &&
         check(env, napi_set_element(env, array, length, value));
}

bool set_function(napi_env env, napi_value object, const char* name, napi_callback callback,
                  void* data) {
  napi_value function = nullptr;
  return check(env, napi_create_function(env, name, NAPI_AUTO_LENGTH, callback, data, &function)) &&
         set(env, object, name, function);
}

}  // namespace nearfar::napi
