#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>

namespace nearfar::helper {

// Runs a function on a thread of its own, which nobody joins. False if the system refuses.
bool run_on_new_thread(std::function<void()> body);

// How many of these threads there are.
size_t thread_count();

// Runs functions on threads that it makes as they are needed, and keeps.
class Pool {
 public:
  explicit Pool(size_t most) : most_(most) {}

  // Waits in a queue while all threads are busy. False if there is no thread and none can be made.
  bool submit(std::function<void()> task);

 private:
  void run();

  const size_t most_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::function<void()>> tasks_;
  size_t threads_ = 0;
  size_t idle_ = 0;
};

}  // namespace nearfar::helper
