#pragma once

#include <node_api.h>

#include "core/result.h"

// The V8 crossing: a JavaScript function that enters native code by V8's own calling sequence
// instead of Node-API's. The only place that knows V8, and it knows a few entry points by name:
// node exports them, their header is not shipped, and anything unexpected leaves Node-API in
// charge.
namespace nearfar::fast {

// Called from optimised code, with the token that JavaScript passed: V8's fast call.
using FastEntry = void (*)(void* receiver, double token);

// Called from everywhere else, as a v8::FunctionCallback; its argument is V8's and stays unread.
using SlowEntry = void (*)(const void* info);

struct Functions {
  napi_value dispatch = nullptr;
  // To be called while JavaScript may be entered from inside: always by `slow`. Null where that is
  // allowed inside of `dispatch`, too.
  napi_value reentrant = nullptr;
};

// Makes the functions. The error's detail says why there are none: another V8, a missing symbol.
Result<Functions> create_functions(FastEntry fast, SlowEntry slow);

}  // namespace nearfar::fast
