#pragma once

#include <deque>
#include <memory>
#include <mutex>
#include <utility>

namespace nearfar::helper {

// What a closure knows: the way to its callback, while that lives. C may call a pointer at any
// time, so entries are never freed, and used again only when many others have been given back, as
// closures are. Thread-safe.
template <class Callback>
class ClosureEntry {
 public:
  static ClosureEntry& take(std::weak_ptr<Callback> callback) {
    ClosureEntry& entry = Released::instance().take();
    const std::lock_guard lock(entry.mutex_);
    entry.callback_ = std::move(callback);
    return entry;
  }

  static void give_back(ClosureEntry& entry) {
    Released& released = Released::instance();
    const std::lock_guard lock(released.mutex);
    released.entries.push_back(&entry);
  }

  // Null once the callback is gone.
  std::shared_ptr<Callback> callback() {
    const std::lock_guard lock(mutex_);
    return callback_.lock();
  }

 private:
  static constexpr size_t kQuarantine = 4096;

  // Never destroyed: C may call while the process exits.
  struct Released {
    std::mutex mutex;
    std::deque<ClosureEntry*> entries;

    static Released& instance() {
      static Released& released = *new Released;
      return released;
    }

    ClosureEntry& take() {
      const std::lock_guard lock(mutex);
      if (entries.size() <= kQuarantine) return *new ClosureEntry;
      ClosureEntry& oldest = *entries.front();
      entries.pop_front();
      return oldest;
    }
  };

  std::mutex mutex_;
  std::weak_ptr<Callback> callback_;
};

}  // namespace nearfar::helper
