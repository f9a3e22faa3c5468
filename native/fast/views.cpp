#include "fast/views.h"

namespace nearfar::fast {
namespace {

bool find_all(platform::LibraryHandle process, const KnownV8& known, ViewEntryPoints& v8) {
  return find_handle_scopes(process, known, v8.scopes) &&
         find(process, v8.has_buffer, "_ZNK2v815ArrayBufferView9HasBufferEv") &&
         find(process, v8.buffer, "_ZN2v815ArrayBufferView6BufferEv") &&
         find(process, v8.offset, "_ZN2v815ArrayBufferView10ByteOffsetEv") &&
         find(process, v8.data, "_ZNK2v811ArrayBuffer4DataEv");
}

// Null where something is missing. The same for all isolates of the process.
const ViewEntryPoints* entry_points() {
  static ViewEntryPoints v8 = {};
  static const bool complete = [] {
    const Result<const KnownV8*> known = known_v8();
    const Result<platform::LibraryHandle> process = platform::open_library(nullptr);
    return known && process && find_all(process.value(), *known.value(), v8);
  }();
  return complete ? &v8 : nullptr;
}

}  // namespace

std::unique_ptr<const Views> Views::create() {
  const ViewEntryPoints* v8 = entry_points();
  if (v8 == nullptr) return nullptr;
  auto views = std::make_unique<Views>();
  views->v8_ = v8;
  views->isolate_ = current_isolate();
  return views->isolate_ == nullptr ? nullptr : std::move(views);
}

}  // namespace nearfar::fast
