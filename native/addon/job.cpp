#include "addon/job.h"

namespace nearfar::addon {

thread_local Job* current_job = nullptr;

void Job::finish() {
  // Once the table has it, the environment may end and take the job along.
  const std::shared_ptr<JobTable> kept = table;
  kept->finish(*this);
}

bool JobTable::has_finished() {
  const std::lock_guard lock(mutex_);
  return finished_count_ > 0;
}

bool JobTable::start(std::unique_ptr<Job> job) {
  Job& started = *job;
  {
    const std::lock_guard lock(mutex_);
    const auto queue = queues_.find(started.queue);
    if (queue != queues_.end()) {
      started.state = Job::State::kQueued;
      queue->second.push_back(started);
    } else {
      started.state = Job::State::kSubmitted;
      if (!Pool::instance().submit(started)) return false;
      if (started.queue >= 0) queues_.try_emplace(started.queue);
    }
  }
  jobs_.emplace(started.number, std::move(job));
  return true;
}

// With the lock held: takes back a job that has not started.
bool JobTable::withdraw(Job& job) {
  switch (job.state) {
    case Job::State::kQueued:
      queues_[job.queue].remove(job);
      return true;
    case Job::State::kSubmitted:
      if (!Pool::instance().remove(job)) return false;
      advance(job.queue);
      return true;
    case Job::State::kNew:
    case Job::State::kFinished:
      return false;
  }
  return false;
}

// With the lock held: the next job of a queue has its turn.
void JobTable::advance(int32_t queue) {
  const auto found = queues_.find(queue);
  if (closed_ || found == queues_.end()) return;
  Task* const next = found->second.pop_front();
  if (next == nullptr) {
    queues_.erase(found);
    return;
  }
  static_cast<Job*>(next)->state = Job::State::kSubmitted;
  // The pool has threads: one of them ran the job before.
  static_cast<void>(Pool::instance().submit(*next));
}

std::unique_ptr<Job> JobTable::extract(uint32_t number) {
  const auto found = jobs_.find(number);
  std::unique_ptr<Job> job = std::move(found->second);
  jobs_.erase(found);
  return job;
}

std::unique_ptr<Job> JobTable::cancel(uint32_t number) {
  const auto found = jobs_.find(number);
  if (found == jobs_.end()) return nullptr;
  {
    const std::lock_guard lock(mutex_);
    if (!withdraw(*found->second)) return nullptr;
  }
  return extract(number);
}

std::unique_ptr<Job> JobTable::take() {
  Task* finished = nullptr;
  {
    const std::lock_guard lock(mutex_);
    finished = finished_.pop_front();
    if (finished == nullptr) return nullptr;
    --finished_count_;
  }
  return extract(static_cast<Job*>(finished)->number);
}

void JobTable::finish(Job& job) {
  const std::lock_guard lock(mutex_);
  job.state = Job::State::kFinished;
  finished_.push_back(job);
  ++finished_count_;
  advance(job.queue);
  if (closed_) {
    finished_one_.notify_one();
  } else if (finished_count_ == 1) {
    mailbox_->wake();  // Once for all that finish until JavaScript takes them.
  }
}

void JobTable::close() {
  std::unique_lock lock(mutex_);
  closed_ = true;
  std::erase_if(jobs_, [this](const auto& entry) {
    Job& job = *entry.second;
    // Many calls of one function stop at a status.
    job.status.store(static_cast<uint32_t>(Failure::kClosed), std::memory_order_relaxed);
    return withdraw(job);
  });
  finished_one_.wait(lock, [this] { return finished_count_ == jobs_.size(); });
  finished_ = {};
  finished_count_ = 0;
  jobs_.clear();
}

}  // namespace nearfar::addon
