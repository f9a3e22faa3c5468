#include "fast/crossing.h"

#include <cstddef>
#include <cstdint>
#include <initializer_list>

#include "fast/v8.h"

namespace nearfar::fast {
namespace {

// v8::CTypeInfo::Type (v8-fast-api-calls.h); the same numbers in every version above.
constexpr uint8_t kVoid = 0;
constexpr uint8_t kFloat64 = 8;
constexpr uint8_t kV8Value = 10;
constexpr uint8_t kOneByteText = 11;  // kSeqOneByteString

// Room for v8::CFunctionInfo and v8::CFunction, which hold a few pointers each.
constexpr size_t kObjectBytes = 128;

struct EntryPoints {
  void (*function_info)(void*, const void*, unsigned, const void*);
  void (*function_info_with_int64)(void*, const void*, unsigned, const void*, int);
  void (*function)(void*, const void*, const void*);
  Handle (*current_context)(void* isolate);
  Handle (*new_template)(void*, SlowEntry, Handle, Handle, int, int, int, const void*, uint16_t,
                         uint16_t, uint16_t);
  Handle (*get_function)(Handle, Handle);
};

// Itanium-mangled names. Where V8 is built by another ABI (Windows) they are not found.
constexpr const char* kFunctionInfo = "_ZN2v813CFunctionInfoC1ERKNS_9CTypeInfoEjPS2_";
constexpr const char* kFunctionInfoWithInt64 =
    "_ZN2v813CFunctionInfoC1ERKNS_9CTypeInfoEjPS2_NS0_19Int64RepresentationE";

bool find_all(platform::LibraryHandle process, EntryPoints& v8, const KnownV8& known) {
  return find(process, v8.function, "_ZN2v89CFunctionC1EPKvPKNS_13CFunctionInfoE") &&
         (known.takes_int64_choice
              ? find(process, v8.function_info_with_int64, kFunctionInfoWithInt64)
              : find(process, v8.function_info, kFunctionInfo)) &&
         find(process, v8.current_context, "_ZN2v87Isolate17GetCurrentContextEv") &&
         find(process, v8.new_template,
              "_ZN2v816FunctionTemplate3NewEPNS_7IsolateEPFvRKNS_20FunctionCallbackInfoINS_"
              "5ValueEEEENS_5LocalIS4_EENSA_INS_9SignatureEEEiNS_19ConstructorBehaviorENS_"
              "14SideEffectTypeEPKNS_9CFunctionEttt") &&
         find(process, v8.get_function,
              "_ZN2v816FunctionTemplate11GetFunctionENS_5LocalINS_7ContextEEE");
}

// Describes a function to V8 by its parameters, the receiver first. Descriptions live as long as
// the process: optimised code of any isolate may refer to them.
class Description {
 public:
  Description(const KnownV8& known, const EntryPoints& v8, const void* fast,
              std::initializer_list<uint8_t> parameters) {
    size_t count = 0;
    for (const uint8_t parameter : parameters) {
      arguments_[known.type_info_bytes * count++] = parameter;
    }
    if (known.takes_int64_choice) {
      v8.function_info_with_int64(info_, result_, static_cast<unsigned>(count), arguments_, 0);
    } else {
      v8.function_info(info_, result_, static_cast<unsigned>(count), arguments_);
    }
    v8.function(function_, fast, info_);
  }
  Description(const Description&) = delete;
  Description& operator=(const Description&) = delete;

  const void* function() const { return function_; }

 private:
  uint8_t result_[8] = {kVoid};
  uint8_t arguments_[32] = {};
  alignas(std::max_align_t) std::byte info_[kObjectBytes];
  alignas(std::max_align_t) std::byte function_[kObjectBytes];
};

// Made once in the process, by whichever environment comes first: nothing in them depends on one.
struct Descriptions {
  Descriptions(const KnownV8& known, const EntryPoints& v8, const Entries& entries)
      : dispatch(known, v8, reinterpret_cast<const void*>(entries.dispatch), {kV8Value, kFloat64}),
        views(known, v8, reinterpret_cast<const void*>(entries.views),
              {kV8Value, kFloat64, kV8Value, kV8Value, kV8Value, kV8Value}),
        text(known, v8, reinterpret_cast<const void*>(entries.text),
             {kV8Value, kFloat64, kFloat64, kOneByteText}) {}

  const Description dispatch;
  const Description views;
  const Description text;
};

// `description` is null for a function that is always entered by `slow`.
napi_value make_function(const EntryPoints& v8, void* isolate, SlowEntry slow,
                         const Description* description) {
  constexpr int kThrowOnConstruct = 0;
  constexpr int kHasSideEffect = 0;
  Handle function_template =
      v8.new_template(isolate, slow, nullptr, nullptr, 1, kThrowOnConstruct, kHasSideEffect,
                      description == nullptr ? nullptr : description->function(), 0, 0, 0);
  return static_cast<napi_value>(v8.get_function(function_template, v8.current_context(isolate)));
}

}  // namespace

Result<Functions> create_functions(const Entries& entries) {
  const Result<const KnownV8*> found = known_v8();
  if (!found) return found.error();
  const KnownV8& known = *found.value();
  const Result<platform::LibraryHandle> process = platform::open_library(nullptr);
  if (!process) return process.error();
  EntryPoints v8 = {};
  if (!find_all(process.value(), v8, known)) return unavailable("V8 lacks an entry point");
  // Node unmaps an addon with the last environment that loaded it, while V8's compiler threads may
  // still read the descriptions and optimised code calls the entries.
  if (!platform::pin_module(reinterpret_cast<const void*>(entries.dispatch))) {
    return unavailable("this module cannot be kept loaded");
  }
  static const Descriptions& descriptions = *new Descriptions(known, v8, entries);

  void* isolate = current_isolate();
  if (isolate == nullptr) return unavailable("no V8 isolate is current");
  const Functions functions = {
      .dispatch = make_function(v8, isolate, entries.slow, &descriptions.dispatch),
      .views = make_function(v8, isolate, entries.decline, &descriptions.views),
      .text = make_function(v8, isolate, entries.decline, &descriptions.text),
      .reentrant = known.reenters ? nullptr : make_function(v8, isolate, entries.slow, nullptr)};
  const bool complete = functions.dispatch != nullptr && functions.views != nullptr &&
                        functions.text != nullptr &&
                        (known.reenters || functions.reentrant != nullptr);
  if (!complete) return unavailable("V8 did not make the functions");
  return functions;
}

}  // namespace nearfar::fast
