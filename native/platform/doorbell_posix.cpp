#include "platform/doorbell.h"

#if defined(__linux__)
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <climits>
#include <ctime>
#else
#include <algorithm>
#include <thread>
#endif

namespace nearfar::platform {

#if defined(__linux__)

static_assert(sizeof(std::atomic<uint32_t>) == sizeof(uint32_t));

void sleep_on(const std::atomic<uint32_t>& word, uint32_t seen, std::chrono::nanoseconds limit) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(limit);
  const timespec timeout = {.tv_sec = static_cast<time_t>(seconds.count()),
                            .tv_nsec = static_cast<long>((limit - seconds).count())};
  // Not FUTEX_PRIVATE_FLAG: the word is another process's, too.
  syscall(SYS_futex, &word, FUTEX_WAIT, seen, &timeout, nullptr, 0);
}

void ring(std::atomic<uint32_t>& word) {
  syscall(SYS_futex, &word, FUTEX_WAKE, INT_MAX, nullptr, nullptr, 0);
}

#else

void sleep_on(const std::atomic<uint32_t>& word, uint32_t seen, std::chrono::nanoseconds limit) {
  constexpr std::chrono::nanoseconds kStep = std::chrono::microseconds(50);
  if (word.load(std::memory_order_acquire) == seen)
    std::this_thread::sleep_for(std::min(limit, kStep));
}

void ring(std::atomic<uint32_t>&) {}

#endif

}  // namespace nearfar::platform
