#include "helper/threads.h"

#include <atomic>
#include <utility>

#include "helper/process.h"
#include "platform/thread.h"

namespace nearfar::helper {
namespace {

// start_thread hands nothing over: a new thread takes what has waited longest, which is as good as
// its own.
class Handover {
 public:
  // Never destroyed: threads outlive main.
  static Handover& instance() {
    static Handover& handover = *new Handover;
    return handover;
  }

  void put(std::function<void()> body) {
    const std::lock_guard lock(mutex_);
    bodies_.push_back(std::move(body));
  }

  std::function<void()> take() {
    const std::lock_guard lock(mutex_);
    std::function<void()> body = std::move(bodies_.front());
    bodies_.pop_front();
    return body;
  }

  void take_back() {
    const std::lock_guard lock(mutex_);
    bodies_.pop_back();
  }

  std::mutex starting;  // Held from `put` until the thread is there or refused.

 private:
  std::mutex mutex_;
  std::deque<std::function<void()>> bodies_;
};

std::atomic<size_t> running_threads = 0;

void enter() {
  prepare_thread();
  Handover::instance().take()();
  --running_threads;
}

}  // namespace

bool run_on_new_thread(std::function<void()> body) {
  Handover& handover = Handover::instance();
  const std::lock_guard lock(handover.starting);
  handover.put(std::move(body));
  ++running_threads;
  if (platform::start_thread(nullptr, enter)) return true;
  --running_threads;
  handover.take_back();
  return false;
}

size_t thread_count() { return running_threads; }

bool Pool::submit(std::function<void()> task) {
  const std::lock_guard lock(mutex_);
  if (idle_ <= tasks_.size() && threads_ < most_) {
    if (run_on_new_thread([this] { run(); })) {
      ++threads_;
    } else if (threads_ == 0) {
      return false;
    }
  }
  tasks_.push_back(std::move(task));
  wake_.notify_one();
  return true;
}

void Pool::run() {
  for (;;) {
    std::unique_lock lock(mutex_);
    ++idle_;
    wake_.wait(lock, [this] { return !tasks_.empty(); });
    --idle_;
    const std::function<void()> task = std::move(tasks_.front());
    tasks_.pop_front();
    lock.unlock();
    task();
  }
}

}  // namespace nearfar::helper
