#ifndef WIN32_LEAN_AND_MEAN
#define WIN32_LEAN_AND_MEAN
#endif
#include <windows.h>

#include "platform/library.h"

namespace nearfar::platform {
namespace {

std::string system_text(const char* subject) {
  char text[512];
  const DWORD code = GetLastError();
  const DWORD length = FormatMessageA(FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS,
                                      nullptr, code, 0, text, sizeof text, nullptr);
  std::string message(subject);
  message += ": ";
  message.append(text, length);
  while (!message.empty() && (message.back() == '\n' || message.back() == '\r')) message.pop_back();
  return message + " (error " + std::to_string(code) + ")";
}

// Elsewhere a process has the C library's symbols. Here they are those of the universal C runtime
// and of the system's own library, parts of Windows that stay loaded from the first such name on.
FARPROC find_system_function(const char* name) {
  static const HMODULE libraries[] = {
      LoadLibraryExW(L"ucrtbase.dll", nullptr, LOAD_LIBRARY_SEARCH_SYSTEM32),
      LoadLibraryExW(L"kernel32.dll", nullptr, LOAD_LIBRARY_SEARCH_SYSTEM32)};
  for (const HMODULE library : libraries) {
    if (library == nullptr) continue;
    if (const FARPROC address = GetProcAddress(library, name)) return address;
  }
  return nullptr;
}

}  // namespace

Result<LibraryHandle> open_library(const char* path, const LoadOptions& options) {
  // Windows resolves names at once and by library, which is a correct way to be lazy and
  // deep-bound.
  if (options.global) {
    return Error{ErrorCode::kNotSupported, "Windows has no symbols that are global to the process"};
  }
  if (path == nullptr) return static_cast<LibraryHandle>(GetModuleHandleW(nullptr));
  wchar_t wide[32768];  // The longest path Windows takes, in UTF-16 units.
  if (MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, path, -1, wide, 32768) == 0) {
    return Error{ErrorCode::kLibraryNotFound, system_text(path)};
  }
  HMODULE module = LoadLibraryW(wide);
  if (module == nullptr) return Error{ErrorCode::kLibraryNotFound, system_text(path)};
  if (options.no_delete) {
    // By an address in the module, as the handle itself is (its base).
    HMODULE pinned = nullptr;
    GetModuleHandleExW(GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS | GET_MODULE_HANDLE_EX_FLAG_PIN,
                       reinterpret_cast<LPCWSTR>(module), &pinned);
  }
  return static_cast<LibraryHandle>(module);
}

Result<void*> find_symbol(LibraryHandle library, const char* name, const char* version) {
  if (version != nullptr) {
    return Error{ErrorCode::kNotSupported, "Windows has no symbol versions"};
  }
  FARPROC address = GetProcAddress(static_cast<HMODULE>(library), name);
  if (address == nullptr && library == GetModuleHandleW(nullptr)) {
    address = find_system_function(name);
  }
  if (address == nullptr) return Error{ErrorCode::kSymbolNotFound, system_text(name)};
  return reinterpret_cast<void*>(address);
}

const void* image_of(const void* address) {
  constexpr DWORD kFlags =
      GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS | GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT;
  HMODULE module = nullptr;
  GetModuleHandleExW(kFlags, static_cast<const wchar_t*>(address), &module);
  return module;
}

void close_library(LibraryHandle library) {
  if (library != GetModuleHandleW(nullptr)) FreeLibrary(static_cast<HMODULE>(library));
}

bool pin_module(const void* address) {
  HMODULE module = nullptr;
  return GetModuleHandleExW(GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS | GET_MODULE_HANDLE_EX_FLAG_PIN,
                            static_cast<LPCWSTR>(address), &module) != 0;
}

}  // namespace nearfar::platform
