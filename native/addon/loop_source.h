#pragma once

#include <uv.h>

#include "platform/file.h"

namespace nearfar::addon {

// What an event loop listens to: a descriptor that is readable, on Windows a handle that is
// signalled. One file per system.
class LoopSource {
 public:
  using Listener = void (*)(void* data);

  // The listener runs on the loop as long as it is so. The error number of libuv, or 0; only then
  // it has to be closed. The loop does not wait for it.
  int open(uv_loop_t* loop, platform::FileHandle handle, Listener listener, void* data);

  // Whether the loop waits for it.
  void keep_alive(bool alive) {
    auto* const handle = reinterpret_cast<uv_handle_t*>(&handle_);
    if (alive)
      uv_ref(handle);
    else
      uv_unref(handle);
  }

  // Listens no more; from the listener, too.
  void stop();

  // Calls the listener when the loop has let go of it.
  void close(Listener listener);

 private:
#if defined(_WIN32)
  using Handle = uv_async_t;
  void listen();
  static void on_signal(void* source, unsigned char is_timeout);
#else
  using Handle = uv_poll_t;
#endif

  Handle handle_ = {};
  Listener listener_ = nullptr;
  void* data_ = nullptr;
#if defined(_WIN32)
  platform::FileHandle source_ = nullptr;
  void* wait_ = nullptr;  // Of the system's thread pool, for one signal.
  bool is_stopped_ = false;
#endif
};

}  // namespace nearfar::addon
