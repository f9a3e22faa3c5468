#include "addon/helper_handle.h"

#include "napi/napi.h"

namespace nearfar::addon {

#if defined(_WIN32)

HelperHandle* HelperHandle::create(napi_env env, HelperProcess, napi_value) {
  napi::throw_error(env, ErrorCode::kNotSupported, "no helper processes on this system");
  return nullptr;
}

void HelperHandle::keep_alive(bool) {}
void HelperHandle::close() {}

#else

HelperHandle* HelperHandle::create(napi_env env, HelperProcess process, napi_value on_event) {
  auto* const made = new HelperHandle(env, std::move(process));
  if (made->open(on_event)) return made;
  made->close();
  return nullptr;
}

bool HelperHandle::open(napi_value on_event) {
  uv_loop_t* loop = nullptr;
  if (!napi::check(env_, napi_add_async_cleanup_hook(env_, on_cleanup, this, &hook_)) ||
      !napi::check(env_, napi_get_uv_event_loop(env_, &loop)) ||
      !napi::check(env_, napi_create_reference(env_, on_event, 1, &on_event_))) {
    return false;
  }
  const int descriptors[] = {helper_.event_descriptor(), helper_.process().descriptor()};
  for (uv_poll_t& poll : polls_) {
    const int failure = uv_poll_init(loop, &poll, descriptors[open_polls_]);
    if (failure != 0) {
      napi::throw_error(env_, ErrorCode::kInternal, uv_strerror(failure));
      return false;
    }
    ++open_polls_;
    poll.data = this;
    uv_poll_start(&poll, UV_READABLE, on_ready);
    uv_unref(reinterpret_cast<uv_handle_t*>(&poll));
  }
  return true;
}

void HelperHandle::on_ready(uv_poll_t* poll, int, int) {
  auto& self = *static_cast<HelperHandle*>(poll->data);
  // An end is news once; the descriptor stays readable.
  if (poll == &self.polls_[0])
    self.helper_.clear_event();
  else
    uv_poll_stop(poll);
  napi::call_event(self.env_, self.on_event_);
}

void HelperHandle::keep_alive(bool alive) {
  for (uv_poll_t& poll : polls_) {
    auto* const handle = reinterpret_cast<uv_handle_t*>(&poll);
    if (alive)
      uv_ref(handle);
    else
      uv_unref(handle);
  }
}

void HelperHandle::close() {
  if (std::exchange(closing_, true)) return;
  helper_.process().kill();
  if (on_event_ != nullptr) napi_delete_reference(env_, on_event_);
  if (open_polls_ == 0) {
    if (hook_ != nullptr) napi_remove_async_cleanup_hook(hook_);
    delete this;
    return;
  }
  for (int index = open_polls_ - 1; index >= 0; --index) {
    uv_close(reinterpret_cast<uv_handle_t*>(&polls_[index]), on_closed);
  }
}

void HelperHandle::on_cleanup(napi_async_cleanup_hook_handle, void* data) {
  static_cast<HelperHandle*>(data)->close();
}

void HelperHandle::on_closed(uv_handle_t* poll) {
  auto* const self = static_cast<HelperHandle*>(poll->data);
  if (--self->open_polls_ > 0) return;
  napi_remove_async_cleanup_hook(self->hook_);
  delete self;
}

#endif

}  // namespace nearfar::addon
