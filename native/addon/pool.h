#pragma once

#include <condition_variable>
#include <cstddef>
#include <mutex>

namespace nearfar::addon {

// What a pool thread runs. The task belongs to its submitter again as soon as `run` is entered.
struct Task {
  void (*run)(Task& task) = nullptr;
  Task* previous = nullptr;  // In the list that the task waits in.
  Task* next = nullptr;
  bool waits = false;
};

// Tasks in order, linked through themselves: taking one out of the middle is cheap, and 100,000
// calls in flight cost no memory besides their own.
class TaskList {
 public:
  bool empty() const { return first_ == nullptr; }
  void push_back(Task& task);
  Task* pop_front();  // Null if empty.
  void remove(Task& task);

 private:
  Task* first_ = nullptr;
  Task* last_ = nullptr;
};

// The threads on which asynchronous calls run: one pool in the process, apart from libuv's, which
// the host needs for its files and whose size cannot be changed once it runs. Thread-safe.
class Pool {
 public:
  // Never destroyed: its threads run until the process ends.
  static Pool& instance();

  // How many threads there may be; 0 leaves the default. Only the first word before there are any
  // counts.
  void configure(size_t threads);
  size_t size();

  // False if no thread can be started.
  [[nodiscard]] bool submit(Task& task);

  // Takes back a task that has not started; false if it has.
  bool remove(Task& task);

 private:
  static void thread_body();
  bool start_thread();
  void wake_one();

  std::mutex mutex_;
  std::condition_variable work_;
  TaskList tasks_;
  size_t size_ = 0;     // 0: not chosen yet.
  size_t threads_ = 0;  // Started.
  size_t idle_ = 0;     // Waiting for work, those on their way included.
  size_t woken_ = 0;    // On their way to it.
};

}  // namespace nearfar::addon
