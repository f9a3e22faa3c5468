#include <dlfcn.h>

#include "platform/library.h"

namespace nearfar::platform {
namespace {

std::string loader_text(const char* fallback) {
  const char* text = dlerror();
  return text != nullptr ? text : fallback;
}

}  // namespace

Result<LibraryHandle> open_library(const char* path) {
  // RTLD_LOCAL: two libraries that define one name keep to their own.
  void* handle = dlopen(path, RTLD_LAZY | RTLD_LOCAL);
  if (handle == nullptr) return Error{ErrorCode::kLibraryNotFound, loader_text("dlopen failed")};
  return handle;
}

Result<void*> find_symbol(LibraryHandle library, const char* name) {
  dlerror();  // A symbol may be null without an error: only dlerror tells (dlsym(3)).
  void* address = dlsym(library, name);
  if (address == nullptr) {
    return Error{ErrorCode::kSymbolNotFound, loader_text("the symbol's address is null")};
  }
  return address;
}

const void* image_of(const void* address) {
  Dl_info info{};
  return dladdr(address, &info) != 0 ? info.dli_fbase : nullptr;
}

void close_library(LibraryHandle library) { dlclose(library); }

bool pin_module(const void* address) {
  Dl_info module;
  if (dladdr(address, &module) == 0) return false;
  return dlopen(module.dli_fname, RTLD_LAZY | RTLD_NOLOAD | RTLD_NODELETE) != nullptr;
}

}  // namespace nearfar::platform
