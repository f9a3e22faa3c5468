#pragma once

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <unordered_map>

#include "addon/environment.h"
#include "addon/pool.h"

namespace nearfar::addon {

// An asynchronous call, or many of one function. `run` is a task of the pool, which calls `finish`
// on whatever thread ends it.
struct Job : Task {
  enum class State { kNew, kQueued, kSubmitted, kFinished };

  virtual ~Job() = default;
  virtual void restore(Frame& frame) = 0;  // What the call left goes back into the frame.
  void finish();

  uint32_t number = 0;
  int32_t queue = -1;  // Jobs of one queue run one at a time; -1 is none.
  State state = State::kNew;
  Library* library = nullptr;
  std::shared_ptr<JobTable> table;
  std::atomic<uint32_t> status = 0;  // A Failure, also by the thread that ran its callback.
};

// The job that runs on this thread, for the callbacks it calls.
extern thread_local Job* current_job;

// The asynchronous calls of an environment. Pool threads use `finish` only.
class JobTable {
 public:
  explicit JobTable(std::shared_ptr<Mailbox> mailbox) : mailbox_(std::move(mailbox)) {}

  const Mailbox* mailbox() const { return mailbox_.get(); }
  bool is_busy() const { return !jobs_.empty(); }
  bool has(uint32_t number) const { return jobs_.contains(number); }
  bool has_finished();

  // False if there is no thread to run it.
  [[nodiscard]] bool start(std::unique_ptr<Job> job);
  // The job, if it had not started.
  std::unique_ptr<Job> cancel(uint32_t number);
  // The job that finished first; null if none has.
  std::unique_ptr<Job> take();
  // Drops what has not started and waits for what has: its memory belongs to the environment.
  void close();

  void finish(Job& job);

 private:
  bool withdraw(Job& job);
  void advance(int32_t queue);
  std::unique_ptr<Job> extract(uint32_t number);

  std::shared_ptr<Mailbox> mailbox_;
  std::unordered_map<uint32_t, std::unique_ptr<Job>> jobs_;  // On the environment's thread only.

  std::mutex mutex_;
  std::unordered_map<int32_t, TaskList> queues_;  // Of which a job runs; those that wait for it.
  TaskList finished_;
  size_t finished_count_ = 0;
  std::condition_variable finished_one_;
  bool closed_ = false;
};

// Starts a job whose `run`, number and library are set. False leaves an exception pending.
bool submit_job(Environment& environment, std::unique_ptr<Job> job);

}  // namespace nearfar::addon
