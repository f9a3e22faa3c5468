#pragma once

#include <node_api.h>

#include "core/result.h"
#include "fast/v8.h"

// The V8 crossing: a JavaScript function that enters native code by V8's own calling sequence
// instead of Node-API's. The only place that knows V8, and it knows a few entry points by name:
// node exports them, their header is not shipped, and anything unexpected leaves Node-API in
// charge.
namespace nearfar::fast {

// Called from optimised code, with the token that JavaScript passed: V8's fast call.
using FastEntry = void (*)(void* receiver, double token);

// As FastEntry, with views of memory; those that are not there are undefined.
inline constexpr size_t kFastViews = 4;
using FastViewsEntry = void (*)(void* receiver, double token, Handle, Handle, Handle, Handle);

// As FastEntry, with a string and a number for where it goes. V8 enters it with strings that lie in
// one piece, a byte each: Latin-1. For others it calls SlowEntry.
struct OneByteText {  // v8::FastOneByteString
  const char* data;
  uint32_t length;
};
using FastTextEntry = void (*)(void* receiver, double token, double at, const OneByteText& text);

// Called from everywhere else, as a v8::FunctionCallback; its argument is V8's and stays unread.
using SlowEntry = void (*)(const void* info);

struct Entries {
  FastEntry dispatch;
  SlowEntry slow;
  FastViewsEntry views;
  FastTextEntry text;
  SlowEntry decline;  // For `views` and `text`.
};

struct Functions {
  napi_value dispatch = nullptr;
  napi_value views = nullptr;
  napi_value text = nullptr;
  // To be called while JavaScript may be entered from inside: always by `slow`. Null where that is
  // allowed inside of `dispatch`, too.
  napi_value reentrant = nullptr;
};

// Makes the functions. The error's detail says why there are none: another V8, a missing symbol.
Result<Functions> create_functions(const Entries& entries);

}  // namespace nearfar::fast
