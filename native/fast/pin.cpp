#include "fast/pin.h"

#include "fast/v8.h"

namespace nearfar::fast {
namespace {

// std::shared_ptr<v8::BackingStore> v8::ArrayBuffer::GetBackingStore(). A shared_ptr has the same
// form whatever it points to, and is returned in memory that the caller gives.
using GetBackingStore = Pin (*)(napi_value array_buffer);

GetBackingStore find_backing_store() {
  const Result<platform::LibraryHandle> process = platform::open_library(nullptr);
  GetBackingStore get = nullptr;
  if (!known_v8() || !process) return nullptr;
  find(process.value(), get, "_ZN2v811ArrayBuffer15GetBackingStoreEv");
  return get;
}

}  // namespace

Pin pin_memory(napi_value array_buffer, const void* memory) {
  static const GetBackingStore get = find_backing_store();
  if (get == nullptr || memory == nullptr) return nullptr;
  Pin store = get(array_buffer);
  // A backing store begins with the address of its memory: what does not is none.
  if (store == nullptr || *static_cast<void* const*>(store.get()) != memory) return nullptr;
  return store;
}

}  // namespace nearfar::fast
