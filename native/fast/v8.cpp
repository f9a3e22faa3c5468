#include "fast/v8.h"

#include <string>

namespace nearfar::fast {
namespace {

constexpr KnownV8 kKnown[] = {
    {"11.3.", 3, false, true, 0, false},   // Node 20
    {"12.4.", 3, true, false, 0, false},   // Node 22
    {"13.6.", 3, true, false, 0, true},    // Node 24
    {"14.6.", 2, true, false, 560, true},  // Node 26
};

}  // namespace

Result<const KnownV8*> known_v8() {
#if defined(_WIN32)
  return unavailable("the V8 crossing is not built for Windows");
#else
  const Result<platform::LibraryHandle> process = platform::open_library(nullptr);
  if (!process) return process.error();
  const char* (*get_version)() = nullptr;
  if (!find(process.value(), get_version, "_ZN2v82V810GetVersionEv")) {
    return unavailable("the runtime is not built on V8, or hides it");
  }
  const std::string version = get_version();
  for (const KnownV8& known : kKnown) {
    if (version.starts_with(known.version)) return &known;
  }
  return unavailable("V8 " + version + " is not one that was tested");
#endif
}

void* current_isolate() {
  const Result<platform::LibraryHandle> process = platform::open_library(nullptr);
  void* (*current)() = nullptr;
  if (!process || !find(process.value(), current, "_ZN2v87Isolate10GetCurrentEv")) return nullptr;
  return current();
}

}  // namespace nearfar::fast
