#pragma once

#include <node_api.h>

#include <deque>
#include <vector>

#include "abi/abi.h"
#include "platform/library.h"

namespace nearfar::addon {

// The call frame: what one call needs, in memory that JavaScript and native code share. Its scratch
// space, for strings and structs, follows the struct in the same ArrayBuffer.
struct Frame {
  uint32_t plan;       // Index of the plan to execute.
  uint32_t view_mask;  // Bit N: the Nth pointer argument is a view passed to `dispatchViews`.
  uint32_t status;     // 0, or why there is no result: see Failure. JavaScript sets it back to 0.
  uint32_t depth;      // Native calls in progress on the environment's thread.
  int32_t error_number;     // errno (GetLastError on Windows) of the last call that captures it.
  uint32_t job;             // The asynchronous call for which a callback runs, or 0.
  uint32_t live_callbacks;  // Function pointers that lead to JavaScript of this environment.
  uint32_t reserved;
  abi::Registers registers;
};

// What `status` says besides 0. For a detached view, its position among the pointers is added.
enum class Failure : uint32_t { kClosed = 1, kThrown = 2, kDetached = 16 };

inline constexpr size_t kFrameBytes = 64 * 1024;

// More pointer arguments than this are rare; JavaScript writes those as addresses, which costs
// more.
inline constexpr size_t kMaxViews = 8;

// A resolved function: where it is, and how its frame is laid out. A null target is a function
// whose library was closed, or a plan that was released.
struct CallPlan {
  void* target = nullptr;
  Frame* frame = nullptr;
  uint32_t library = 0;
  uint32_t stack_words = 0;
  bool captures_error = false;
  abi::Executor execute = nullptr;
  std::vector<uint32_t> pointer_offsets;  // In Registers, of pointer arguments, at most kMaxViews.
};

// Everything native that belongs to one JavaScript environment (the main thread or a worker).
struct Environment {
  Frame* frame = nullptr;
  napi_ref frame_reference = nullptr;
  std::deque<CallPlan> plans;  // Their addresses are tokens of the V8 crossing: they do not move.
  std::vector<uint32_t> free_plans;
  std::vector<platform::LibraryHandle> libraries;  // Null once closed; indexes are not reused.
};

// Leaves the V8 crossing of this thread to another environment.
void release_crossing(const Environment& environment);

// Each file of the addon adds its functions to the exports. False leaves an exception pending.
bool register_calls(napi_env env, napi_value exports, Environment& environment);
bool register_libraries(napi_env env, napi_value exports, Environment& environment);
bool register_memory(napi_env env, napi_value exports);
bool register_crypto(napi_env env, napi_value exports);

}  // namespace nearfar::addon
