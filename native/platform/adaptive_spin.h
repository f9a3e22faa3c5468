#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace nearfar::platform {

// How long to look for another process's news before sleeping. Looking pays where that process runs
// on a processor of its own: its answer comes without a system call. Where both share one, on a
// busy machine, all the time spent looking is taken from the answer. So what did not help is done
// less.
class AdaptiveSpin {
 public:
  // For the next wait.
  std::chrono::nanoseconds limit() {
    // Now and then all of it, to find out when looking pays again.
    constexpr uint32_t kProbeEvery = 16;
    return ++waits_ % kProbeEvery == 0 ? kLongest : limit_;
  }

  void found() { limit_ = kLongest; }
  void missed() { limit_ = std::max(limit_ / 2, kShortest); }

 private:
  // A call of a helper that is awake takes a few microseconds.
  static constexpr std::chrono::nanoseconds kLongest = std::chrono::microseconds(20);
  static constexpr std::chrono::nanoseconds kShortest = std::chrono::nanoseconds(500);

  std::chrono::nanoseconds limit_ = kLongest;
  uint32_t waits_ = 0;
};

}  // namespace nearfar::platform
