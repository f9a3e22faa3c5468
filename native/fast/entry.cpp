#include "fast/entry.h"

#include <cstring>

#include "fast/handle_scope.h"

namespace nearfar::fast {

struct V8Entry {
  HandleScopes scopes;
  bool globalizes_slots;
  void (*open_try_catch)(Scope*, void* isolate);
  void (*close_try_catch)(Scope*);
  Handle (*call)(Handle function, Handle context, Handle receiver, int, Handle*);
  Handle (*globalize_slot)(void* isolate, Handle);
  Handle (*globalize_value)(void* isolate, void* value);
  void (*dispose)(Handle);
  Handle (*current_context)(void* isolate);
};

namespace {

bool find_globals(platform::LibraryHandle process, V8Entry& v8) {
  constexpr const char* kOfSlot =
      "_ZN2v812api_internal18GlobalizeReferenceEPNS_8internal7IsolateEPm";
  constexpr const char* kOfValue =
      "_ZN2v812api_internal18GlobalizeReferenceEPNS_8internal7IsolateEm";
  return (v8.globalizes_slots ? find(process, v8.globalize_slot, kOfSlot)
                              : find(process, v8.globalize_value, kOfValue)) &&
         find(process, v8.dispose, "_ZN2v812api_internal13DisposeGlobalEPm");
}

bool find_all(platform::LibraryHandle process, const KnownV8& known, V8Entry& v8) {
  return find_handle_scopes(process, known, v8.scopes) && find_globals(process, v8) &&
         find(process, v8.open_try_catch, "_ZN2v88TryCatchC1EPNS_7IsolateE") &&
         find(process, v8.close_try_catch, "_ZN2v88TryCatchD1Ev") &&
         find(process, v8.call,
              "_ZN2v88Function4CallENS_5LocalINS_7ContextEEENS1_INS_5ValueEEEiPS5_") &&
         find(process, v8.current_context, "_ZN2v87Isolate17GetCurrentContextEv");
}

// Null where something is missing. The same for all isolates of the process.
const V8Entry* entry_points() {
  static V8Entry v8 = {};
  static const bool complete = [] {
    const Result<const KnownV8*> known = known_v8();
    const Result<platform::LibraryHandle> process = platform::open_library(nullptr);
    if (!known || !process) return false;
    v8.globalizes_slots = known.value()->globalizes_slots;
    return find_all(process.value(), *known.value(), v8);
  }();
  return complete ? &v8 : nullptr;
}

Handle globalize(const V8Entry& v8, void* isolate, Handle handle) {
  if (v8.globalizes_slots) return v8.globalize_slot(isolate, handle);
  void* value = nullptr;
  std::memcpy(&value, handle, sizeof value);
  return v8.globalize_value(isolate, value);
}

}  // namespace

std::unique_ptr<const Entry> Entry::create() {
  const V8Entry* v8 = entry_points();
  if (v8 == nullptr) return nullptr;
  auto entry = std::make_unique<Entry>();
  entry->v8_ = v8;
  entry->isolate_ = current_isolate();
  if (entry->isolate_ == nullptr) return nullptr;
  const HandleScope scope(v8->scopes, entry->isolate_);
  entry->context_ = globalize(*v8, entry->isolate_, v8->current_context(entry->isolate_));
  return entry;
}

void* Entry::remember(napi_value function) const { return globalize(*v8_, isolate_, function); }

void Entry::forget(void* function) const { v8_->dispose(function); }

bool Entry::call(void* function) const {
  const V8Entry& v8 = *v8_;
  const HandleScope scope(v8.scopes, isolate_);
  // Without it an exception would stay with V8 and strike wherever JavaScript runs next.
  Scope try_catch;
  v8.open_try_catch(&try_catch, isolate_);
  const bool returned = v8.call(function, context_, function, 0, nullptr) != nullptr;
  v8.close_try_catch(&try_catch);
  return returned;
}

}  // namespace nearfar::fast
