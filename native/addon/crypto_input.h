#pragma once

#include <node_api.h>

#include <memory>
#include <new>
#include <span>

#include "napi/napi.h"

namespace nearfar::addon {

// The bytes to hash or sign: the memory of an ArrayBufferView itself, or a string's UTF-8, in which
// V8 writes a lone surrogate as U+FFFD. Valid until JavaScript runs again.
class CryptoInput {
 public:
  // On false an exception is pending.
  [[nodiscard]] bool read(napi_env env, napi_value value) {
    // A Uint8Array (and so a Buffer) in one call: 23 ns, where asking what it is and then for its
    // memory as a Buffer takes 38 ns. A string is refused in 5 ns.
    napi_typedarray_type type = napi_float64_array;
    void* memory = nullptr;
    size_t length = 0;
    const napi_status status =
        napi_get_typedarray_info(env, value, &type, &length, &memory, nullptr, nullptr);
    if (status == napi_ok && type == napi_uint8_array && length != 0) {
      bytes_ = {static_cast<std::byte*>(memory), length};
      return true;
    }
    bool is_view = status == napi_ok;
    if (!is_view) napi_is_buffer(env, value, &is_view);  // True for every ArrayBufferView.
    return is_view ? read_view(env, value) : read_string(env, value);
  }

  std::span<const std::byte> bytes() const { return bytes_; }

  // A view that has lost its memory has no bytes either: its buffer is detached, or has shrunk.
  // Node-API cannot tell the latter; JavaScript can.
  bool is_empty_view() const { return is_empty_view_; }

 private:
  bool read_view(napi_env env, napi_value view) {
    void* memory = nullptr;
    size_t length = 0;
    if (!napi::check(env, napi_get_buffer_info(env, view, &memory, &length))) return false;
    bytes_ = {static_cast<std::byte*>(memory), length};
    is_empty_view_ = length == 0;
    return true;
  }

  bool read_string(napi_env env, napi_value string) {
    size_t length = 0;
    char* text = reinterpret_cast<char*>(stack_);
    if (!napi::check(env, napi_get_value_string_utf8(env, string, text, kStackBytes, &length))) {
      return false;
    }
    bytes_ = {stack_, length};
    // Room for one more character and the terminator: nothing was cut off.
    return length + kMaxCharacterBytes < kStackBytes || read_long_string(env, string);
  }

  bool read_long_string(napi_env env, napi_value string) {
    // Room for the longest UTF-8 of so many UTF-16 units: counting the exact length takes longer
    // than writing the text.
    size_t length = 0;
    if (!napi::check(env, napi_get_value_string_utf16(env, string, nullptr, 0, &length))) {
      return false;
    }
    const size_t capacity = length * kMaxUnitBytes + 1;
    heap_.reset(new (std::nothrow) std::byte[capacity]);
    if (heap_ == nullptr) {
      napi::throw_error(env, ErrorCode::kOutOfMemory, "no memory for the string's UTF-8");
      return false;
    }
    char* text = reinterpret_cast<char*>(heap_.get());
    if (!napi::check(env, napi_get_value_string_utf8(env, string, text, capacity, &length))) {
      return false;
    }
    bytes_ = {heap_.get(), length};
    return true;
  }

  static constexpr size_t kStackBytes = 4096;
  static constexpr size_t kMaxCharacterBytes = 4;  // Of UTF-8.
  static constexpr size_t kMaxUnitBytes = 3;       // Two units make the characters of 4 bytes.

  std::span<const std::byte> bytes_;
  bool is_empty_view_ = false;
  std::unique_ptr<std::byte[]> heap_;
  std::byte stack_[kStackBytes];  // Uninitialised on purpose.
};

}  // namespace nearfar::addon
