#include "crypto/libcrypto_source.h"

namespace nearfar::crypto {
namespace {

using platform::LibraryHandle;

// The newest first. OpenSSL keeps its ABI within a major version; before 3.0 it has no
// EVP_MD_fetch.
#if defined(_WIN32)
constexpr const char* kNames[] = {"libcrypto-4-x64.dll", "libcrypto-3-x64.dll",
                                  "libcrypto-3-arm64.dll", "libcrypto-3.dll"};
#elif defined(__APPLE__)
constexpr const char* kNames[] = {"libcrypto.4.dylib", "libcrypto.3.dylib",
                                  "/opt/homebrew/opt/openssl@3/lib/libcrypto.3.dylib",
                                  "/usr/local/opt/openssl@3/lib/libcrypto.3.dylib"};
#else
constexpr const char* kNames[] = {"libcrypto.so.4", "libcrypto.so.3"};
#endif

// A function that OpenSSL has since 3.0, and neither its predecessors nor BoringSSL have.
bool is_libcrypto(LibraryHandle library) {
  return static_cast<bool>(platform::find_symbol(library, "EVP_MD_fetch"));
}

Result<LibraryHandle> find_libcrypto() {
  const Result<LibraryHandle> process = platform::open_library(nullptr);
  if (process && is_libcrypto(process.value())) return process;
  std::string problem = "no OpenSSL 3 in this process";
  for (const char* name : kNames) {
    const Result<LibraryHandle> library = platform::open_library(name);
    if (library && is_libcrypto(library.value())) return library;
    if (library) platform::close_library(library.value());
    problem += "; ";
    problem += library ? std::string(name) + " has no EVP_MD_fetch" : library.error().detail;
  }
  return Error{ErrorCode::kCryptoUnavailable, problem};
}

}  // namespace

const Result<LibraryHandle>& libcrypto() {
  static const Result<LibraryHandle> library = find_libcrypto();
  return library;
}

}  // namespace nearfar::crypto
