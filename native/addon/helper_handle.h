#pragma once

#include <node_api.h>
#include <uv.h>

#include <cstdint>

#include "addon/helper_process.h"

namespace nearfar::addon {

// A helper process and the event loop that hears of it: of answers to asynchronous calls, and of
// the process's end. Deletes itself once it is closed and the loop has let go of it.
class HelperHandle {
 public:
  // `on_event` is a function without parameters; null, with an exception pending, if the loop
  // cannot watch the process.
  static HelperHandle* create(napi_env env, HelperProcess process, napi_value on_event);

  HelperProcess& helper() { return helper_; }

  // Whether the loop waits for it.
  void keep_alive(bool alive);

  // Kills the process. The handle is gone afterwards.
  void close();

 private:
  HelperHandle(napi_env env, HelperProcess process) : env_(env), helper_(std::move(process)) {}

  bool open(napi_value on_event);
  static void on_ready(uv_poll_t* poll, int status, int events);
  static void on_cleanup(napi_async_cleanup_hook_handle hook, void* data);
  static void on_closed(uv_handle_t* poll);

  napi_env env_;
  HelperProcess helper_;
  napi_ref on_event_ = nullptr;
  napi_async_cleanup_hook_handle hook_ = nullptr;
  uv_poll_t polls_[2] = {};  // The event descriptor, and the process's.
  int open_polls_ = 0;
  bool closing_ = false;
};

}  // namespace nearfar::addon
