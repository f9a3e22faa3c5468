#pragma once

#include <node_api.h>
#include <uv.h>

#include <cstdint>

#include "addon/helper_process.h"
#include "addon/loop_source.h"

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
  bool has_opened(int failure);
  void tell();
  void closed_one();
  static void on_cleanup(napi_async_cleanup_hook_handle hook, void* data);

  napi_env env_;
  HelperProcess helper_;
  napi_ref on_event_ = nullptr;
  napi_async_cleanup_hook_handle hook_ = nullptr;
  // Opened in this order, and counted.
  LoopSource news_;
  LoopSource end_;
  uv_async_t unheard_ = {};  // News that were taken by who waited for others.
  int open_count_ = 0;
  bool closing_ = false;
};

}  // namespace nearfar::addon
