#if defined(__linux__)
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <climits>
#include <ctime>

#include "platform/doorbell.h"

namespace nearfar::platform {

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

}  // namespace nearfar::platform
#endif
