#pragma once

#include <memory>
#include <mutex>
#include <utility>

#include "abi/quarantine.h"

namespace nearfar::helper {

// What a closure knows: the way to its callback, while that lives. Thread-safe.
template <class Callback>
class ClosureEntry {
 public:
  static ClosureEntry& take(std::weak_ptr<Callback> callback) {
    ClosureEntry& entry = abi::ClosureRecords<ClosureEntry>::take();
    const std::lock_guard lock(entry.mutex_);
    entry.callback_ = std::move(callback);
    return entry;
  }

  static void give_back(ClosureEntry& entry) {
    abi::ClosureRecords<ClosureEntry>::give_back(entry);
  }

  // Null once the callback is gone.
  std::shared_ptr<Callback> callback() {
    const std::lock_guard lock(mutex_);
    return callback_.lock();
  }

 private:
  std::mutex mutex_;
  std::weak_ptr<Callback> callback_;
};

}  // namespace nearfar::helper
