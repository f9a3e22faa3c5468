#include "addon/mailbox.h"

namespace nearfar::addon {

napi_status Mailbox::open(napi_env env, Handler handler, void* context) {
  handler_ = handler;
  context_ = context;
  napi_value name = nullptr;
  napi_status status = napi_create_string_utf8(env, "nearfar", NAPI_AUTO_LENGTH, &name);
  if (status != napi_ok) return status;
  napi_threadsafe_function signal = nullptr;
  status = napi_create_threadsafe_function(env, nullptr, nullptr, name, 0, 1, nullptr, nullptr,
                                           this, on_signal, &signal);
  if (status != napi_ok) return status;
  status = napi_unref_threadsafe_function(env, signal);
  const std::lock_guard lock(mutex_);
  signal_ = signal;
  return status;
}

void Mailbox::on_signal(napi_env env, napi_value, void* data, void*) {
  // Without an environment it is a signal that was left over when the mailbox was closed.
  if (env == nullptr) return;
  const Mailbox& mailbox = *static_cast<Mailbox*>(data);
  mailbox.handler_(env, mailbox.context_);
}

void Mailbox::keep_alive(napi_env env, bool alive) {
  if (alive) {
    napi_ref_threadsafe_function(env, signal_);
  } else {
    napi_unref_threadsafe_function(env, signal_);
  }
}

Request* Mailbox::take() {
  const std::lock_guard lock(mutex_);
  if (requests_.empty()) return nullptr;
  Request* const request = requests_.front();
  requests_.pop_front();
  return request;
}

// With the lock held: once the caller sees `done`, the request is gone.
void Mailbox::finish(Request& request) {
  if (!request.has_caller) {
    delete &request;
    return;
  }
  request.done = true;
  request.returned.notify_one();
}

void Mailbox::complete(Request& request) {
  const std::lock_guard lock(mutex_);
  finish(request);
}

void Mailbox::drop(const Callback& callback) {
  const std::lock_guard lock(mutex_);
  std::erase_if(requests_, [&](Request* request) {
    if (request->callback != &callback) return false;
    finish(*request);
    return true;
  });
}

void Mailbox::close() {
  const std::lock_guard lock(mutex_);
  closed_ = true;
  for (Request* request : requests_) finish(*request);
  requests_.clear();
  if (signal_ != nullptr) napi_release_threadsafe_function(signal_, napi_tsfn_abort);
  signal_ = nullptr;
}

// One signal for each request: Node runs promise reactions after each, and lets other events have
// their turn when there are many. With the lock held, so that the signal is not released meanwhile.
bool Mailbox::push(Request& request) {
  if (closed_ || signal_ == nullptr) return false;
  requests_.push_back(&request);
  napi_call_threadsafe_function(signal_, nullptr, napi_tsfn_nonblocking);
  return true;
}

void Mailbox::post(std::unique_ptr<Request> request) {
  const std::lock_guard lock(mutex_);
  if (push(*request)) static_cast<void>(request.release());
}

bool Mailbox::post(Request& request) {
  const std::lock_guard lock(mutex_);
  request.has_caller = true;
  return push(request);
}

void Mailbox::wait(Request& request) {
  std::unique_lock lock(mutex_);
  request.returned.wait(lock, [&request] { return request.done; });
}

void Mailbox::wake() {
  const std::lock_guard lock(mutex_);
  if (!closed_ && signal_ != nullptr) {
    napi_call_threadsafe_function(signal_, nullptr, napi_tsfn_nonblocking);
  }
}

}  // namespace nearfar::addon
