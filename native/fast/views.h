#pragma once

#include <memory>

#include "fast/handle_scope.h"

// The memory of ArrayBufferViews from inside of a fast call: what napi_get_buffer_info does,
// without its checks of the environment (measured: 12 ns against 40).
namespace nearfar::fast {

struct ViewEntryPoints {
  HandleScopes scopes;
  bool (*has_buffer)(const void* view);
  Handle (*buffer)(void* view);
  size_t (*offset)(void* view);
  void* (*data)(const void* buffer);
};

// Of one isolate; only on its thread.
class Views {
 public:
  // Null where V8 is not known, or differs from what is expected.
  static std::unique_ptr<const Views> create();

  // Handles made by `address_of` live as long as this.
  HandleScope open() const { return HandleScope(v8_->scopes, isolate_); }

  // Where a view's bytes are. Null for one that Node-API has to look at: its buffer is empty or
  // detached, or the bytes are in V8's heap, where they move. Makes a handle and nothing else that
  // the collector would see.
  void* address_of(Handle view) const {
    if (!v8_->has_buffer(view)) return nullptr;
    std::byte* const data = static_cast<std::byte*>(v8_->data(v8_->buffer(view)));
    return data == nullptr ? nullptr : data + v8_->offset(view);
  }

 private:
  const ViewEntryPoints* v8_ = nullptr;
  void* isolate_ = nullptr;
};

}  // namespace nearfar::fast
