#include "addon/parallel.h"

#include <algorithm>

#include "platform/thread.h"

namespace nearfar::addon {

void ParallelLoop::work_on() {
  for (;;) {
    const size_t first = next_.fetch_add(grain_, std::memory_order_relaxed);
    if (first >= count_) return;
    work(first, std::min(first + grain_, count_));
  }
}

void ParallelLoop::help(Task& task) {
  ParallelLoop& loop = *static_cast<Helper&>(task).loop;
  loop.work_on();
  // With the lock held: the loop is gone as soon as its owner sees that nobody helps.
  const std::lock_guard lock(loop.mutex_);
  if (--loop.helping_ == 0) loop.finished_.notify_one();
}

void ParallelLoop::run() {
  Pool& pool = Pool::instance();
  const size_t pieces = (count_ + grain_ - 1) / grain_;
  const size_t threads = std::min({platform::processor_count(), pool.size(), pieces});
  std::vector<Helper> helpers(threads > 1 ? threads - 1 : 0);
  helping_ = helpers.size();
  size_t absent = 0;
  for (Helper& helper : helpers) {
    helper.run = help;
    helper.loop = this;
    if (!pool.submit(helper)) ++absent;
  }
  work_on();
  // Those that no thread had time for are not waited for.
  for (Helper& helper : helpers) {
    if (pool.remove(helper)) ++absent;
  }
  std::unique_lock lock(mutex_);
  helping_ -= absent;
  finished_.wait(lock, [this] { return helping_ == 0; });
}

}  // namespace nearfar::addon
