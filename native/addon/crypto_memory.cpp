#include "addon/crypto_memory.h"

namespace nearfar::addon {

std::optional<PinnedMemory> PinnedMemory::pin(napi_env env, napi_value view) {
  napi_typedarray_type type = napi_uint8_array;
  size_t length = 0;
  size_t offset = 0;
  void* data = nullptr;
  napi_value buffer = nullptr;
  if (napi_get_typedarray_info(env, view, &type, &length, &data, &buffer, &offset) != napi_ok) {
    return {};
  }
  const size_t element = type == napi_float64_array ? sizeof(double) : 1;
  const bool has_bytes = element != 1 || type == napi_uint8_array;
  if (!has_bytes || length == 0 || data == nullptr) return {};
  const std::span<std::byte> bytes(static_cast<std::byte*>(data), length * element);
  bool can_be_detached = false;
  if (napi_is_arraybuffer(env, buffer, &can_be_detached) != napi_ok) return {};
  if (!can_be_detached) return PinnedMemory(bytes, nullptr);
  fast::Pin pin = fast::pin_memory(buffer, bytes.data() - offset);
  if (pin == nullptr) return {};
  return PinnedMemory(bytes, std::move(pin));
}

}  // namespace nearfar::addon
