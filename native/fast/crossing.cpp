#include "fast/crossing.h"

#include <cstddef>
#include <cstdint>
#include <string>

#include "platform/library.h"

namespace nearfar::fast {
namespace {

// What differs between the versions of V8 that Node ships. Each row is run by the tests under that
// Node; a version without a row has not been, and goes by Node-API.
struct KnownV8 {
  const char* version;      // major.minor. of v8::V8::GetVersion()
  size_t type_info_bytes;   // sizeof(v8::CTypeInfo): type, (sequence,) flags
  bool takes_int64_choice;  // v8::CFunctionInfo(return, count, arguments, Int64Representation)
  bool reenters;  // JavaScript may run inside of a fast call; before, that ends the process.
};
constexpr KnownV8 kKnown[] = {
    {"11.3.", 3, false, false},  // Node 20
    {"12.4.", 3, true, false},   // Node 22
    {"13.6.", 3, true, true},    // Node 24
    {"14.6.", 2, true, true},    // Node 26
};

// v8::CTypeInfo::Type (v8-fast-api-calls.h); the same numbers in every version above.
constexpr uint8_t kVoid = 0;
constexpr uint8_t kFloat64 = 8;
constexpr uint8_t kV8Value = 10;

// Room for v8::CFunctionInfo and v8::CFunction, which hold a few pointers each.
constexpr size_t kObjectBytes = 128;

// Handles are pointers to slots, and a napi_value is the same pointer.
using Handle = void*;
struct EntryPoints {
  const char* (*version)();
  void (*function_info)(void*, const void*, unsigned, const void*);
  void (*function_info_with_int64)(void*, const void*, unsigned, const void*, int);
  void (*function)(void*, const void*, const void*);
  void* (*current_isolate)();
  Handle (*current_context)(void* isolate);
  Handle (*new_template)(void*, SlowEntry, Handle, Handle, int, int, int, const void*, uint16_t,
                         uint16_t, uint16_t);
  Handle (*get_function)(Handle, Handle);
};

// Itanium-mangled names. Where V8 is built by another ABI (Windows) they are not found.
constexpr const char* kFunctionInfo = "_ZN2v813CFunctionInfoC1ERKNS_9CTypeInfoEjPS2_";
constexpr const char* kFunctionInfoWithInt64 =
    "_ZN2v813CFunctionInfoC1ERKNS_9CTypeInfoEjPS2_NS0_19Int64RepresentationE";

template <typename F>
bool find(platform::LibraryHandle process, F& entry, const char* name) {
  Result<void*> found = platform::find_symbol(process, name);
  if (found) entry = reinterpret_cast<F>(found.value());
  return bool(found);
}

bool find_all(platform::LibraryHandle process, EntryPoints& v8, const KnownV8& known) {
  return find(process, v8.function, "_ZN2v89CFunctionC1EPKvPKNS_13CFunctionInfoE") &&
         (known.takes_int64_choice
              ? find(process, v8.function_info_with_int64, kFunctionInfoWithInt64)
              : find(process, v8.function_info, kFunctionInfo)) &&
         find(process, v8.current_isolate, "_ZN2v87Isolate10GetCurrentEv") &&
         find(process, v8.current_context, "_ZN2v87Isolate17GetCurrentContextEv") &&
         find(process, v8.new_template,
              "_ZN2v816FunctionTemplate3NewEPNS_7IsolateEPFvRKNS_20FunctionCallbackInfoINS_"
              "5ValueEEEENS_5LocalIS4_EENSA_INS_9SignatureEEEiNS_19ConstructorBehaviorENS_"
              "14SideEffectTypeEPKNS_9CFunctionEttt") &&
         find(process, v8.get_function,
              "_ZN2v816FunctionTemplate11GetFunctionENS_5LocalINS_7ContextEEE");
}

const KnownV8* find_version(const std::string& version) {
  for (const KnownV8& known : kKnown) {
    if (version.starts_with(known.version)) return &known;
  }
  return nullptr;
}

// Describes `void fast(receiver, double)` to V8. Its descriptions live as long as the process:
// optimised code of any isolate may refer to them.
const void* describe(const KnownV8& known, const EntryPoints& v8, FastEntry fast) {
  static uint8_t result[8] = {kVoid};
  static uint8_t arguments[16] = {kV8Value};
  alignas(std::max_align_t) static std::byte info[kObjectBytes];
  alignas(std::max_align_t) static std::byte function[kObjectBytes];
  arguments[known.type_info_bytes] = kFloat64;
  if (known.takes_int64_choice) {
    v8.function_info_with_int64(info, result, 2, arguments, 0);
  } else {
    v8.function_info(info, result, 2, arguments);
  }
  v8.function(function, reinterpret_cast<const void*>(fast), info);
  return function;
}

// `description` is null for a function that is always entered by `slow`.
napi_value make_function(const EntryPoints& v8, void* isolate, SlowEntry slow,
                         const void* description) {
  constexpr int kThrowOnConstruct = 0;
  constexpr int kHasSideEffect = 0;
  Handle function_template = v8.new_template(isolate, slow, nullptr, nullptr, 1, kThrowOnConstruct,
                                             kHasSideEffect, description, 0, 0, 0);
  return static_cast<napi_value>(v8.get_function(function_template, v8.current_context(isolate)));
}

Error unavailable(std::string detail) { return {ErrorCode::kNotSupported, std::move(detail)}; }

}  // namespace

Result<Functions> create_functions(FastEntry fast, SlowEntry slow) {
#if defined(_WIN32)
  (void)fast, (void)slow;
  return unavailable("the V8 crossing is not built for Windows");
#else
  Result<platform::LibraryHandle> process = platform::open_library(nullptr);
  if (!process) return process.error();
  EntryPoints v8 = {};
  if (!find(process.value(), v8.version, "_ZN2v82V810GetVersionEv")) {
    return unavailable("the runtime is not built on V8, or hides it");
  }
  const std::string version = v8.version();
  const KnownV8* known = find_version(version);
  if (known == nullptr) return unavailable("V8 " + version + " is not one that was tested");
  if (!find_all(process.value(), v8, *known)) {
    return unavailable("V8 " + version + " lacks an entry point");
  }
  // Node unmaps an addon with the last environment that loaded it, while V8's compiler threads may
  // still read the description and optimised code calls the entries.
  if (!platform::pin_module(reinterpret_cast<const void*>(fast))) {
    return unavailable("this module cannot be kept loaded");
  }
  // Once in the process, by whichever environment comes first: nothing in it depends on one.
  static const void* const description = describe(*known, v8, fast);

  void* isolate = v8.current_isolate();
  if (isolate == nullptr) return unavailable("no V8 isolate is current");
  Functions functions;
  functions.dispatch = make_function(v8, isolate, slow, description);
  if (functions.dispatch == nullptr) return unavailable("V8 did not make the function");
  if (!known->reenters) {
    functions.reentrant = make_function(v8, isolate, slow, nullptr);
    if (functions.reentrant == nullptr) return unavailable("V8 did not make the function");
  }
  return functions;
#endif
}

}  // namespace nearfar::fast
