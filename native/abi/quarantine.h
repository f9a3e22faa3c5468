#pragma once

#include <cstddef>
#include <deque>
#include <mutex>

// What stands behind function pointers. C may keep a pointer longer than it should and call it at
// any time, so nothing of this is ever freed, and used again only late.
namespace nearfar::abi {

// Given back, and used again once many others have been given back later.
template <typename Record>
class Quarantine {
 public:
  void give_back(Record& record) { released_.push_back(&record); }

  // Null if none has been in here long enough.
  Record* take() {
    if (released_.size() <= kRecords) return nullptr;
    Record* const oldest = released_.front();
    released_.pop_front();
    return oldest;
  }

 private:
  static constexpr size_t kRecords = 4096;

  std::deque<Record*> released_;
};

// Records that are made as they are needed. Process-wide and thread-safe.
template <typename Record>
class ClosureRecords {
 public:
  static Record& take() {
    ClosureRecords& records = instance();
    const std::lock_guard lock(records.mutex_);
    Record* const used = records.quarantine_.take();
    return used != nullptr ? *used : *new Record;
  }

  static void give_back(Record& record) {
    ClosureRecords& records = instance();
    const std::lock_guard lock(records.mutex_);
    records.quarantine_.give_back(record);
  }

 private:
  // Never destroyed: C may call while the process exits.
  static ClosureRecords& instance() {
    static ClosureRecords& records = *new ClosureRecords;
    return records;
  }

  std::mutex mutex_;
  Quarantine<Record> quarantine_;
};

}  // namespace nearfar::abi
