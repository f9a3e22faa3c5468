#pragma once

#include <cstddef>

#include "core/result.h"
#include "platform/library.h"

// What the files of this folder know of V8. Node exports its entry points, whose headers it does
// not ship; they are looked up by their Itanium-mangled names, which Windows does not have.
namespace nearfar::fast {

// What differs between the versions of V8 that Node ships. Each row is run by the tests under that
// Node; a version without a row has not been, and goes by Node-API.
struct KnownV8 {
  const char* version;      // major.minor. of v8::V8::GetVersion()
  size_t type_info_bytes;   // sizeof(v8::CTypeInfo): type, (sequence,) flags
  bool takes_int64_choice;  // v8::CFunctionInfo(return, count, arguments, Int64Representation)
  bool globalizes_slots;    // v8::api_internal::GlobalizeReference wants a handle, not its value.
  size_t handle_scopes;     // Where v8::HandleScope is inline: its data's offset in an isolate.
  bool reenters;  // JavaScript may run inside of a fast call; before, that ends the process.
};

// The row of the V8 in this process; kNotSupported says why there is none.
Result<const KnownV8*> known_v8();

// Handles are pointers to slots, and a napi_value is the same pointer.
using Handle = void*;

template <typename F>
bool find(platform::LibraryHandle process, F& entry, const char* name) {
  const Result<void*> found = platform::find_symbol(process, name);
  if (found) entry = reinterpret_cast<F>(found.value());
  return bool(found);
}

// The isolate of this thread; null if V8 does not tell.
void* current_isolate();

inline Error unavailable(std::string detail) {
  return {ErrorCode::kNotSupported, std::move(detail)};
}

}  // namespace nearfar::fast
