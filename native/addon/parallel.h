#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <vector>

#include "addon/pool.h"

namespace nearfar::addon {

// A loop over many independent elements, on the calling thread and on those of the pool that are
// free to help: as many as there are processors. Threads take the next few elements when they have
// done theirs, so that one that started late or is slow holds nobody up.
class ParallelLoop {
 public:
  // A thread takes `grain` elements at a time: work of 50 us or more is worth waking a thread for.
  ParallelLoop(size_t count, size_t grain) : count_(count), grain_(grain) {}
  virtual ~ParallelLoop() = default;

  // Returns when all is done. May be called on any thread, those of the pool included.
  void run();

  // The elements that no thread has taken are left out.
  void stop() { next_.store(count_, std::memory_order_relaxed); }

 protected:
  virtual void work(size_t first, size_t last) = 0;

 private:
  struct Helper : Task {
    ParallelLoop* loop = nullptr;
  };

  static void help(Task& task);
  void work_on();

  size_t count_;
  size_t grain_;
  std::atomic<size_t> next_ = 0;
  std::mutex mutex_;
  std::condition_variable finished_;
  size_t helping_ = 0;
};

}  // namespace nearfar::addon
