#include "fast/entry.h"

#include <cstring>

#include "fast/v8.h"

namespace nearfar::fast {
namespace {

// Room for v8::HandleScope (3 words) and v8::TryCatch (6).
struct alignas(16) Scope {
  std::byte bytes[64];
};

// v8::internal::HandleScopeData.
struct HandleScopeData {
  void** next;
  void** limit;
  int level;
  int sealed_level;
};

}  // namespace

struct V8Entry {
  size_t handle_scopes;  // 0: these are functions.
  bool globalizes_slots;
  void (*open_handle_scope)(Scope*, void* isolate);
  void (*close_handle_scope)(Scope*);
  void (*delete_extensions)(void* scope, void* isolate);
  void (*open_try_catch)(Scope*, void* isolate);
  void (*close_try_catch)(Scope*);
  Handle (*call)(Handle function, Handle context, Handle receiver, int, Handle*);
  Handle (*globalize_slot)(void* isolate, Handle);
  Handle (*globalize_value)(void* isolate, void* value);
  void (*dispose)(Handle);
  void* (*current_isolate)();
  Handle (*current_context)(void* isolate);
};

namespace {

bool find_handle_scopes(platform::LibraryHandle process, V8Entry& v8) {
  if (v8.handle_scopes != 0) {
    return find(process, v8.delete_extensions,
                "_ZN2v811HandleScope16DeleteExtensionsEPNS_7IsolateE");
  }
  return find(process, v8.open_handle_scope, "_ZN2v811HandleScopeC1EPNS_7IsolateE") &&
         find(process, v8.close_handle_scope, "_ZN2v811HandleScopeD1Ev");
}

bool find_globals(platform::LibraryHandle process, V8Entry& v8) {
  constexpr const char* kOfSlot =
      "_ZN2v812api_internal18GlobalizeReferenceEPNS_8internal7IsolateEPm";
  constexpr const char* kOfValue =
      "_ZN2v812api_internal18GlobalizeReferenceEPNS_8internal7IsolateEm";
  return (v8.globalizes_slots ? find(process, v8.globalize_slot, kOfSlot)
                              : find(process, v8.globalize_value, kOfValue)) &&
         find(process, v8.dispose, "_ZN2v812api_internal13DisposeGlobalEPm");
}

bool find_all(platform::LibraryHandle process, V8Entry& v8) {
  return find_handle_scopes(process, v8) && find_globals(process, v8) &&
         find(process, v8.open_try_catch, "_ZN2v88TryCatchC1EPNS_7IsolateE") &&
         find(process, v8.close_try_catch, "_ZN2v88TryCatchD1Ev") &&
         find(process, v8.call,
              "_ZN2v88Function4CallENS_5LocalINS_7ContextEEENS1_INS_5ValueEEEiPS5_") &&
         find(process, v8.current_isolate, "_ZN2v87Isolate10GetCurrentEv") &&
         find(process, v8.current_context, "_ZN2v87Isolate17GetCurrentContextEv");
}

// Null where something is missing. The same for all isolates of the process.
const V8Entry* entry_points() {
  static V8Entry v8 = {};
  static const bool complete = [] {
    const Result<const KnownV8*> known = known_v8();
    const Result<platform::LibraryHandle> process = platform::open_library(nullptr);
    if (!known || !process) return false;
    v8.handle_scopes = known.value()->handle_scopes;
    v8.globalizes_slots = known.value()->globalizes_slots;
    return find_all(process.value(), v8);
  }();
  return complete ? &v8 : nullptr;
}

// Handles made while it lives are given back. What v8-local-handle.h compiles into every addon for
// the versions that do not export the constructor.
class HandleScope {
 public:
  HandleScope(const V8Entry& v8, void* isolate) : v8_(v8), isolate_(isolate) {
    if (v8.handle_scopes == 0) {
      v8.open_handle_scope(&scope_, isolate);
      return;
    }
    HandleScopeData& data = this->data();
    next_ = data.next;
    limit_ = data.limit;
    ++data.level;
  }

  ~HandleScope() {
    if (v8_.handle_scopes == 0) {
      v8_.close_handle_scope(&scope_);
      return;
    }
    HandleScopeData& data = this->data();
    data.next = next_;
    --data.level;
    if (data.limit == limit_) return;
    data.limit = limit_;
    v8_.delete_extensions(&scope_, isolate_);
  }

  HandleScope(const HandleScope&) = delete;
  HandleScope& operator=(const HandleScope&) = delete;

 private:
  HandleScopeData& data() const {
    return *reinterpret_cast<HandleScopeData*>(static_cast<std::byte*>(isolate_) +
                                               v8_.handle_scopes);
  }

  const V8Entry& v8_;
  void* isolate_;
  void** next_ = nullptr;
  void** limit_ = nullptr;
  Scope scope_;
};

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
  entry->isolate_ = v8->current_isolate();
  if (entry->isolate_ == nullptr) return nullptr;
  const HandleScope scope(*v8, entry->isolate_);
  entry->context_ = globalize(*v8, entry->isolate_, v8->current_context(entry->isolate_));
  return entry;
}

void* Entry::remember(napi_value function) const { return globalize(*v8_, isolate_, function); }

void Entry::forget(void* function) const { v8_->dispose(function); }

bool Entry::call(void* function) const {
  const V8Entry& v8 = *v8_;
  const HandleScope scope(v8, isolate_);
  // Without it an exception would stay with V8 and strike wherever JavaScript runs next.
  Scope try_catch;
  v8.open_try_catch(&try_catch, isolate_);
  const bool returned = v8.call(function, context_, function, 0, nullptr) != nullptr;
  v8.close_try_catch(&try_catch);
  return returned;
}

}  // namespace nearfar::fast
