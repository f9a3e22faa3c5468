#include <cstring>
#include <string_view>

#include "addon/environment.h"
#include "napi/napi.h"

// Raw memory by address. Unsafe by nature: the caller vouches for the address and the length.
namespace nearfar::addon {
namespace {

std::byte* to_pointer(uint64_t address) {
  return reinterpret_cast<std::byte*>(static_cast<uintptr_t>(address));
}

// addressOf(view | ArrayBuffer) -> address
napi_value address_of(napi_env env, napi_callback_info info) {
  const napi::Arguments<1> arguments(env, info);
  const std::optional<std::span<std::byte>> bytes = napi::to_bytes(env, arguments[0]);
  if (!bytes) return nullptr;
  return napi::from_address(env, reinterpret_cast<uintptr_t>(bytes->data()));
}

// readString(address) -> the NUL-terminated UTF-8 text there; undefined if V8 has no string so long
napi_value read_string(napi_env env, napi_callback_info info) {
  const napi::Arguments<1> arguments(env, info);
  const std::optional<uint64_t> address = napi::to_address(env, arguments[0]);
  if (!address) return nullptr;
  const std::string_view text(reinterpret_cast<const char*>(to_pointer(*address)));
  napi_value value = nullptr;
  if (napi_create_string_utf8(env, text.data(), text.size(), &value) != napi_ok) return nullptr;
  return value;
}

// copyFrom(address, view): fills the view from memory.
napi_value copy_from(napi_env env, napi_callback_info info) {
  const napi::Arguments<2> arguments(env, info);
  const std::optional<uint64_t> address = napi::to_address(env, arguments[0]);
  if (!address) return nullptr;
  const std::optional<std::span<std::byte>> target = napi::to_bytes(env, arguments[1]);
  if (!target) return nullptr;
  if (!target->empty()) std::memmove(target->data(), to_pointer(*address), target->size());
  return nullptr;
}

// copyTo(address, view): writes the view's bytes to memory.
napi_value copy_to(napi_env env, napi_callback_info info) {
  const napi::Arguments<2> arguments(env, info);
  const std::optional<uint64_t> address = napi::to_address(env, arguments[0]);
  if (!address) return nullptr;
  const std::optional<std::span<std::byte>> source = napi::to_bytes(env, arguments[1]);
  if (!source) return nullptr;
  if (!source->empty()) std::memmove(to_pointer(*address), source->data(), source->size());
  return nullptr;
}

// viewMemory(address, length) -> an ArrayBuffer over the memory itself, which nobody frees
napi_value view_memory(napi_env env, napi_callback_info info) {
  const napi::Arguments<2> arguments(env, info);
  const std::optional<uint64_t> address = napi::to_address(env, arguments[0]);
  if (!address) return nullptr;
  const std::optional<double> length = napi::to_double(env, arguments[1]);
  if (!length) return nullptr;
  napi_value buffer = nullptr;
  const napi_status status = napi_create_external_arraybuffer(
      env, to_pointer(*address), static_cast<size_t>(*length), nullptr, nullptr, &buffer);
  if (status == napi_no_external_buffers_allowed) {
    return napi::throw_error(env, ErrorCode::kNotSupported,
                             "this runtime has no external buffers; use a copy");
  }
  return napi::check(env, status) ? buffer : nullptr;
}

// detach(ArrayBuffer): its views have no memory from here on, also when the memory is not V8's
napi_value detach(napi_env env, napi_callback_info info) {
  const napi::Arguments<1> arguments(env, info);
  napi::check(env, napi_detach_arraybuffer(env, arguments[0]));
  return nullptr;
}

// currentEventLoop() -> the address of this environment's uv_loop_t
napi_value current_event_loop(napi_env env, napi_callback_info) {
  uv_loop_s* loop = nullptr;
  if (!napi::check(env, napi_get_uv_event_loop(env, &loop))) return nullptr;
  return napi::from_address(env, reinterpret_cast<uintptr_t>(loop));
}

}  // namespace

bool register_memory(napi_env env, napi_value exports) {
  return napi::set_function(env, exports, "addressOf", address_of, nullptr) &&
         napi::set_function(env, exports, "readString", read_string, nullptr) &&
         napi::set_function(env, exports, "copyFrom", copy_from, nullptr) &&
         napi::set_function(env, exports, "copyTo", copy_to, nullptr) &&
         napi::set_function(env, exports, "viewMemory", view_memory, nullptr) &&
         napi::set_function(env, exports, "detach", detach, nullptr) &&
         napi::set_function(env, exports, "currentEventLoop", current_event_loop, nullptr);
}

}  // namespace nearfar::addon
