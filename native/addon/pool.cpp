#include "addon/pool.h"

#include <algorithm>

#include "platform/library.h"
#include "platform/thread.h"

namespace nearfar::addon {
namespace {

// libuv's default as well; native calls may wait instead of computing, so not fewer.
constexpr size_t kFewestThreads = 4;

size_t default_size() { return std::max(kFewestThreads, platform::processor_count()); }

}  // namespace

void TaskList::push_back(Task& task) {
  task.previous = last_;
  task.next = nullptr;
  task.waits = true;
  (last_ == nullptr ? first_ : last_->next) = &task;
  last_ = &task;
}

Task* TaskList::pop_front() {
  Task* const task = first_;
  if (task != nullptr) remove(*task);
  return task;
}

void TaskList::remove(Task& task) {
  (task.previous == nullptr ? first_ : task.previous->next) = task.next;
  (task.next == nullptr ? last_ : task.next->previous) = task.previous;
  task.waits = false;
}

Pool& Pool::instance() {
  static Pool& pool = *new Pool;
  return pool;
}

void Pool::configure(size_t threads) {
  const std::lock_guard lock(mutex_);
  if (threads != 0 && threads_ == 0) size_ = threads;
}

size_t Pool::size() {
  const std::lock_guard lock(mutex_);
  return size_ == 0 ? default_size() : size_;
}

bool Pool::start_thread() {
  // The threads outlive every environment, and Node unmaps an addon with the last one.
  if (threads_ == 0 && !platform::pin_module(reinterpret_cast<const void*>(&thread_body))) {
    return false;
  }
  if (!platform::start_thread("nearfar", thread_body)) return false;
  ++threads_;
  return true;
}

// One thread at a time is woken, and wakes the next if it finds more to do: the submitter of many
// short tasks does not pay for a wake-up each.
void Pool::wake_one() {
  if (woken_ > 0 || idle_ == 0) return;
  ++woken_;
  work_.notify_one();
}

bool Pool::submit(Task& task) {
  const std::lock_guard lock(mutex_);
  if (size_ == 0) size_ = default_size();
  if (idle_ == 0 && threads_ < size_ && !start_thread() && threads_ == 0) return false;
  tasks_.push_back(task);
  wake_one();
  return true;
}

bool Pool::remove(Task& task) {
  const std::lock_guard lock(mutex_);
  if (!task.waits) return false;
  tasks_.remove(task);
  return true;
}

void Pool::thread_body() {
  Pool& pool = instance();
  std::unique_lock lock(pool.mutex_);
  for (;;) {
    if (Task* const task = pool.tasks_.pop_front(); task != nullptr) {
      if (!pool.tasks_.empty()) pool.wake_one();
      lock.unlock();
      task->run(*task);
      lock.lock();
    } else {
      ++pool.idle_;
      pool.work_.wait(lock, [&pool] { return pool.woken_ > 0; });
      --pool.woken_;
      --pool.idle_;
    }
  }
}

}  // namespace nearfar::addon
