#include <dlfcn.h>
#if defined(__linux__)
#include <link.h>
#endif
#if defined(__linux__) && !defined(__GLIBC__)
#include <cstdio>
#include <cstring>
#endif

#include "platform/library.h"

#if defined(__linux__) && !defined(__GLIBC__)
// The linker's name for the head of the file that this code is in.
extern "C" const ElfW(Ehdr) __ehdr_start __attribute__((visibility("hidden")));
#endif

namespace nearfar::platform {
namespace {

std::string loader_text(const char* fallback) {
  const char* text = dlerror();
  return text != nullptr ? text : fallback;
}

#if defined(__linux__)
struct ImageSearch {
  uintptr_t address;
  const void* image;
};

int visit_image(dl_phdr_info* info, size_t, void* data) {
  ImageSearch& search = *static_cast<ImageSearch*>(data);
  for (size_t index = 0; index < info->dlpi_phnum; ++index) {
    const auto& segment = info->dlpi_phdr[index];
    const uintptr_t start = info->dlpi_addr + segment.p_vaddr;
    if (segment.p_type == PT_LOAD && search.address - start < segment.p_memsz) {
      search.image = info->dlpi_phdr;
    }
  }
  return search.image != nullptr ? 1 : 0;
}
#endif

#if defined(__linux__) && !defined(__GLIBC__)
// musl's loader does not look at e_machine (ldso/dynlink.c, map_library): it maps the library and
// runs its initialisers. A name without a slash is for the loader to find.
bool is_for_other_processor(const char* path) {
  if (strchr(path, '/') == nullptr) return false;
  FILE* file = fopen(path, "rbe");
  if (file == nullptr) return false;
  ElfW(Ehdr) head{};
  const size_t count = fread(&head, sizeof head, 1, file);
  fclose(file);
  const bool is_elf = count == 1 && memcmp(head.e_ident, ELFMAG, SELFMAG) == 0;
  return is_elf && head.e_machine != __ehdr_start.e_machine;
}
#endif

}  // namespace

Result<LibraryHandle> open_library(const char* path, const LoadOptions& options) {
#if defined(__linux__) && !defined(__GLIBC__)
  if (path != nullptr && is_for_other_processor(path)) {
    const std::string text = std::string("Error loading shared library ") + path;
    return Error{ErrorCode::kLibraryNotFound, text + ": Exec format error"};
  }
#endif
  // By default names are resolved at once, so that a missing one is an error here and not the end
  // of the process at the first call; and two libraries that define one name keep to their own.
  int mode = options.lazy ? RTLD_LAZY : RTLD_NOW;
  mode |= options.global ? RTLD_GLOBAL : RTLD_LOCAL;
  if (options.no_delete) mode |= RTLD_NODELETE;
  if (options.deep_bind) {
#if defined(RTLD_DEEPBIND)
    mode |= RTLD_DEEPBIND;
#else
    return Error{ErrorCode::kNotSupported, "this system's loader has no RTLD_DEEPBIND"};
#endif
  }
  void* handle = dlopen(path, mode);
  if (handle == nullptr) return Error{ErrorCode::kLibraryNotFound, loader_text("dlopen failed")};
  return handle;
}

Result<void*> find_symbol(LibraryHandle library, const char* name, const char* version) {
  void* address = nullptr;
  if (version != nullptr) {
    // glibc and FreeBSD have it. Looked up, so that the binary also loads where it is missing.
    using FindVersion = void* (*)(void*, const char*, const char*);
    static const auto find_version = reinterpret_cast<FindVersion>(dlsym(RTLD_DEFAULT, "dlvsym"));
    if (find_version == nullptr) {
      return Error{ErrorCode::kNotSupported, "this system's loader has no symbol versions"};
    }
    dlerror();
    address = find_version(library, name, version);
  } else {
    dlerror();  // A symbol may be null without an error: only dlerror tells (dlsym(3)).
    address = dlsym(library, name);
  }
  if (address == nullptr) {
    return Error{ErrorCode::kSymbolNotFound, loader_text("the symbol's address is null")};
  }
  return address;
}

const void* image_of(const void* address) {
#if defined(__linux__)
  // dladdr also names the nearest symbol: 0.8 ms in node's symbol table.
  ImageSearch search{reinterpret_cast<uintptr_t>(address), nullptr};
  dl_iterate_phdr(visit_image, &search);
  return search.image;
#else
  Dl_info info{};
  return dladdr(address, &info) != 0 ? info.dli_fbase : nullptr;
#endif
}

void close_library(LibraryHandle library) { dlclose(library); }

bool pin_module(const void* address) {
  Dl_info module;
  if (dladdr(address, &module) == 0) return false;
  return dlopen(module.dli_fname, RTLD_LAZY | RTLD_NOLOAD | RTLD_NODELETE) != nullptr;
}

}  // namespace nearfar::platform
