#include "addon/helper_handle.h"

#include "napi/napi.h"

namespace nearfar::addon {

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
  const auto on_news = [](void* data) {
    auto& self = *static_cast<HelperHandle*>(data);
    if (!self.helper_.take_news()) self.news_.stop();
    self.tell();
  };
  const auto on_end = [](void* data) {
    auto& self = *static_cast<HelperHandle*>(data);
    self.end_.stop();  // An end is news once.
    self.tell();
  };
  const auto on_unheard = [](uv_async_t* async) {
    static_cast<HelperHandle*>(async->data)->tell();
  };
  if (!has_opened(news_.open(loop, helper_.news_handle(), on_news, this)) ||
      !has_opened(end_.open(loop, helper_.process().handle(), on_end, this)) ||
      !has_opened(uv_async_init(loop, &unheard_, on_unheard))) {
    return false;
  }
  unheard_.data = this;
  uv_unref(reinterpret_cast<uv_handle_t*>(&unheard_));
  helper_.on_unheard_news([this] { uv_async_send(&unheard_); });
  return true;
}

bool HelperHandle::has_opened(int failure) {
  if (failure == 0) {
    ++open_count_;
    return true;
  }
  napi::throw_error(env_, ErrorCode::kInternal, uv_strerror(failure));
  return false;
}

void HelperHandle::tell() {
  if (!closing_) napi::call_event(env_, on_event_);
}

void HelperHandle::keep_alive(bool alive) {
  news_.keep_alive(alive);
  end_.keep_alive(alive);
}

void HelperHandle::close() {
  if (std::exchange(closing_, true)) return;
  helper_.process().kill();
  if (on_event_ != nullptr) napi_delete_reference(env_, on_event_);
  if (open_count_ == 0) {
    if (hook_ != nullptr) napi_remove_async_cleanup_hook(hook_);
    delete this;
    return;
  }
  const auto on_closed = [](void* data) { static_cast<HelperHandle*>(data)->closed_one(); };
  const int opened = open_count_;
  news_.close(on_closed);
  if (opened > 1) end_.close(on_closed);
  if (opened > 2) {
    uv_close(reinterpret_cast<uv_handle_t*>(&unheard_),
             [](uv_handle_t* handle) { static_cast<HelperHandle*>(handle->data)->closed_one(); });
  }
}

void HelperHandle::on_cleanup(napi_async_cleanup_hook_handle, void* data) {
  static_cast<HelperHandle*>(data)->close();
}

void HelperHandle::closed_one() {
  if (--open_count_ > 0) return;
  napi_remove_async_cleanup_hook(hook_);
  delete this;
}

}  // namespace nearfar::addon
