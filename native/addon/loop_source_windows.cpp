#include "addon/loop_source.h"
#include "platform/windows_handle.h"

// libuv polls nothing but sockets: the system's thread pool waits for the handle, once at a time.
namespace nearfar::addon {

int LoopSource::open(uv_loop_t* loop, platform::FileHandle handle, Listener listener, void* data) {
  const int failure = uv_async_init(loop, &handle_, [](uv_async_t* async) {
    auto& self = *static_cast<LoopSource*>(async->data);
    if (self.is_stopped_) return;
    self.listener_(self.data_);
    self.listen();
  });
  if (failure != 0) return failure;
  listener_ = listener;
  data_ = data;
  source_ = handle;
  handle_.data = this;
  listen();
  keep_alive(false);
  return 0;
}

void LoopSource::listen() {
  if (wait_ != nullptr) UnregisterWaitEx(wait_, INVALID_HANDLE_VALUE);
  wait_ = nullptr;
  if (is_stopped_) return;
  constexpr ULONG kFlags = WT_EXECUTEONLYONCE | WT_EXECUTEINWAITTHREAD;
  RegisterWaitForSingleObject(&wait_, source_, on_signal, this, INFINITE, kFlags);
}

void LoopSource::on_signal(void* source, unsigned char) {
  uv_async_send(&static_cast<LoopSource*>(source)->handle_);
}

void LoopSource::stop() { is_stopped_ = true; }

void LoopSource::close(Listener listener) {
  is_stopped_ = true;
  // Not before the pool has let go of this object.
  if (wait_ != nullptr) UnregisterWaitEx(wait_, INVALID_HANDLE_VALUE);
  wait_ = nullptr;
  listener_ = listener;
  uv_close(reinterpret_cast<uv_handle_t*>(&handle_), [](uv_handle_t* handle) {
    const auto& self = *static_cast<LoopSource*>(handle->data);
    self.listener_(self.data_);
  });
}

}  // namespace nearfar::addon
