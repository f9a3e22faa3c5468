#pragma once

#include <node_api.h>

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <vector>

#include "abi/abi.h"

namespace nearfar::addon {

struct Callback;
struct Job;

// A call of a callback by a thread that cannot run JavaScript.
struct Request {
  Callback* callback = nullptr;
  uint64_t generation = 0;  // Of the callback: its record may have become another's since.
  abi::Registers* registers = nullptr;  // Without their stack words.
  const uint64_t* stack = nullptr;
  Job* job = nullptr;       // The asynchronous call that makes it; it waits, and so stays valid.
  bool has_caller = false;  // Otherwise nobody waits, and the request owns itself and its image.
  bool has_result = false;  // In its registers.
  bool done = false;
  std::condition_variable returned;
  std::vector<uint64_t> image;
};

// What other threads leave for an environment, and how they wake its event loop. It outlives the
// environment for as long as one of them holds it; from then on nothing is taken any more.
class Mailbox {
 public:
  using Handler = void (*)(napi_env env, void* context);

  // On the environment's thread. `handler` runs on the event loop, once for each request and once
  // or more after `wake`. It starts without keeping the loop alive.
  napi_status open(napi_env env, Handler handler, void* context);
  bool is_open() const { return signal_ != nullptr; }
  void keep_alive(napi_env env, bool alive);
  Request* take();                      // The oldest request, or null.
  void complete(Request& request);      // Its caller goes on, or it is freed.
  void drop(const Callback& callback);  // Completes the requests for it.
  void close();                         // All callers go on, and nobody else has to wait.

  // On any thread. Without effect once the environment has ended.
  void post(std::unique_ptr<Request> request);
  [[nodiscard]] bool post(Request& request);  // If true, its caller waits.
  void wait(Request& request);                // Returns when it is complete.
  void wake();

 private:
  static void on_signal(napi_env env, napi_value, void* mailbox, void*);
  bool push(Request& request);
  void finish(Request& request);

  std::mutex mutex_;
  bool closed_ = false;
  std::deque<Request*> requests_;
  napi_threadsafe_function signal_ = nullptr;
  Handler handler_ = nullptr;
  void* context_ = nullptr;
};

}  // namespace nearfar::addon
