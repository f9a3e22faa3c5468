#pragma once

#include <node_api.h>

#include <atomic>
#include <deque>
#include <memory>
#include <span>
#include <unordered_map>
#include <vector>

#include "abi/abi.h"
#include "abi/frame.h"
#include "addon/isolate.h"
#include "addon/mailbox.h"
#include "fast/entry.h"
#include "fast/views.h"
#include "platform/library.h"

namespace nearfar::addon {

using abi::Failure;
using abi::Frame;
using abi::kFrameBytes;
using abi::kRegisterBytes;

class JobTable;

// The `library` of a plan whose function belongs to none.
inline constexpr uint32_t kNoLibrary = UINT32_MAX;

// More pointer arguments than this are rare; JavaScript writes those as addresses, which costs
// more.
inline constexpr size_t kMaxViews = 8;

// A lowered signature: what all functions of one signature have in common.
struct CallShape {
  uint32_t stack_words = 0;
  bool captures_error = false;
  abi::DirectCall direct;
  abi::Executor execute = nullptr;
  std::vector<uint32_t> pointer_offsets;  // In Registers, of pointer arguments, at most kMaxViews.
};

// A resolved function: where it is, and how its frame is laid out. A null target is a function
// whose library was closed, or a plan that was released.
struct CallPlan {
  void* target = nullptr;
  Frame* frame = nullptr;
  uint32_t library = kNoLibrary;
  uint32_t stack_words = 0;
  bool captures_error = false;
  abi::DirectCall direct;
  abi::Executor execute = nullptr;
  const fast::Views* views = nullptr;         // With the V8 crossing only.
  std::span<const uint32_t> pointer_offsets;  // Its shape's.
};

struct Library {
  platform::LibraryHandle handle = nullptr;
  std::atomic<bool> closed = false;  // Pool threads look before they call.
  uint32_t uses = 0;                 // Asynchronous calls that have not been taken.
};

// Everything native that belongs to one JavaScript environment (the main thread or a worker). Only
// its own thread uses it; others hold the mailbox or the table of jobs.
struct Environment {
  napi_env env = nullptr;
  Frame* frame = nullptr;
  napi_ref frame_reference = nullptr;
  std::deque<CallShape> shapes;  // Kept for good: a program has few signatures.
  // Their addresses are tokens of the V8 crossing: they do not move. Not a deque, whose subscript
  // takes a nanosecond of each call by Node-API.
  std::vector<std::unique_ptr<CallPlan>> plans;
  std::vector<uint32_t> free_plans;
  std::unordered_map<uint32_t, Library> libraries;  // By handles, which are not used again.
  uint32_t next_library = 0;
  std::vector<uint32_t> closing;  // Closed and still in use.
  uint32_t calls_below = 0;       // Calls that run the event loop which runs us.

  std::shared_ptr<Mailbox> mailbox = std::make_shared<Mailbox>();
  std::vector<Callback*> callbacks;  // By their ids; null for one that was released.
  std::vector<uint32_t> free_callbacks;
  std::unique_ptr<const fast::Entry> entry;  // With the V8 crossing only.
  std::unique_ptr<const fast::Views> views;  // The same.
  uint64_t callback_runs = 0;
  bool callbacks_keep_alive = false;

  std::shared_ptr<JobTable> jobs;
  std::shared_ptr<JobTable> background;  // Of work that is no foreign call: see background.h.
  uint32_t last_background = 0;
  napi_ref job_handler = nullptr;
  bool kept_alive = false;

  std::shared_ptr<Isolates> isolates;  // With its memory, which may outlive us.
};

// The plan that the frame names; null if there is none.
const CallPlan* current_plan(const Environment& environment);

// The library with that handle; null once it is unmapped, and for kNoLibrary.
Library* find_library(Environment& environment, uint32_t handle);

// Unmaps closed libraries that nothing uses any more.
void unmap_closed(Environment& environment);

// Opens the mailbox unless it is open. False leaves an exception pending.
bool open_mailbox(Environment& environment);

// Has the event loop wait, or not, for what callbacks and jobs want.
void update_keep_alive(Environment& environment);

// On the event loop: runs the callback that another thread asked for; hands over finished jobs.
void deliver_request(Environment& environment, Request& request);
void deliver_jobs(Environment& environment);
void deliver_background(Environment& environment);

// When the environment ends. `release_crossing` leaves the V8 crossing of this thread to another.
void release_crossing(const Environment& environment);
void release_callbacks(Environment& environment);
void release_jobs(Environment& environment);

// Each file of the addon adds its functions to the exports. False leaves an exception pending.
bool register_calls(napi_env env, napi_value exports, Environment& environment);
bool register_fast_calls(napi_env env, napi_value exports, Environment& environment);
bool register_callbacks(napi_env env, napi_value exports, Environment& environment);
bool register_jobs(napi_env env, napi_value exports, Environment& environment);
bool register_map(napi_env env, napi_value exports, Environment& environment);
bool register_libraries(napi_env env, napi_value exports, Environment& environment);
bool register_memory(napi_env env, napi_value exports);
bool register_isolates(napi_env env, napi_value exports, Environment& environment);
bool register_crypto(napi_env env, napi_value exports, Environment& environment);

}  // namespace nearfar::addon
