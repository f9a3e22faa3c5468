#pragma once

#include <cstddef>

#include "fast/v8.h"

namespace nearfar::fast {

// Room for v8::HandleScope (3 words) and v8::TryCatch (6).
struct alignas(16) Scope {
  std::byte bytes[64];
};

// How this V8 opens and closes handle scopes.
struct HandleScopes {
  size_t offset;  // Of the data in an isolate, where they are inline; 0: these are functions.
  void (*open)(Scope*, void* isolate);
  void (*close)(Scope*);
  void (*delete_extensions)(void* scope, void* isolate);
};

// False where an entry point is missing.
bool find_handle_scopes(platform::LibraryHandle process, const KnownV8& known,
                        HandleScopes& scopes);

// Handles made while it lives are given back. What v8-local-handle.h compiles into every addon for
// the versions that do not export the constructor.
class HandleScope {
 public:
  HandleScope(const HandleScopes& scopes, void* isolate) : scopes_(scopes), isolate_(isolate) {
    if (scopes.offset == 0) {
      scopes.open(&scope_, isolate);
      return;
    }
    Data& data = this->data();
    next_ = data.next;
    limit_ = data.limit;
    ++data.level;
  }

  ~HandleScope() {
    if (scopes_.offset == 0) {
      scopes_.close(&scope_);
      return;
    }
    Data& data = this->data();
    data.next = next_;
    --data.level;
    if (data.limit == limit_) return;
    data.limit = limit_;
    scopes_.delete_extensions(&scope_, isolate_);
  }

  HandleScope(const HandleScope&) = delete;
  HandleScope& operator=(const HandleScope&) = delete;

 private:
  // v8::internal::HandleScopeData.
  struct Data {
    void** next;
    void** limit;
    int level;
    int sealed_level;
  };

  Data& data() const {
    return *reinterpret_cast<Data*>(static_cast<std::byte*>(isolate_) + scopes_.offset);
  }

  const HandleScopes& scopes_;
  void* isolate_;
  void** next_ = nullptr;
  void** limit_ = nullptr;
  Scope scope_;
};

}  // namespace nearfar::fast
