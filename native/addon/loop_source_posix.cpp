#include "addon/loop_source.h"

namespace nearfar::addon {

int LoopSource::open(uv_loop_t* loop, platform::FileHandle handle, Listener listener, void* data) {
  const int failure = uv_poll_init(loop, &handle_, handle);
  if (failure != 0) return failure;
  listener_ = listener;
  data_ = data;
  handle_.data = this;
  uv_poll_start(&handle_, UV_READABLE, [](uv_poll_t* poll, int, int) {
    const auto& self = *static_cast<LoopSource*>(poll->data);
    self.listener_(self.data_);
  });
  keep_alive(false);
  return 0;
}

void LoopSource::stop() { uv_poll_stop(&handle_); }

void LoopSource::close(Listener listener) {
  listener_ = listener;
  uv_close(reinterpret_cast<uv_handle_t*>(&handle_), [](uv_handle_t* handle) {
    const auto& self = *static_cast<LoopSource*>(handle->data);
    self.listener_(self.data_);
  });
}

}  // namespace nearfar::addon
