#if !defined(__linux__)
#include <algorithm>
#include <thread>

#include "platform/doorbell.h"

// What wakes the threads of other processes (WaitOnAddress does not) is there on Linux only so far.
namespace nearfar::platform {

void sleep_on(const std::atomic<uint32_t>& word, uint32_t seen, std::chrono::nanoseconds limit) {
  constexpr std::chrono::nanoseconds kStep = std::chrono::microseconds(50);
  if (word.load(std::memory_order_acquire) == seen)
    std::this_thread::sleep_for(std::min(limit, kStep));
}

void ring(std::atomic<uint32_t>&) {}

}  // namespace nearfar::platform
#endif
