#if defined(__linux__) && !defined(NEARFAR_PORTABLE)
#include <linux/futex.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <cstring>
#include <ctime>
#include <string>

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

Result<int> make_event() {
  const int descriptor = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (descriptor >= 0) return descriptor;
  return Error{ErrorCode::kInternal, std::string("eventfd: ") + std::strerror(errno)};
}

bool signal_event(int descriptor) {
  const uint64_t one = 1;
  return write(descriptor, &one, sizeof one) == sizeof one;
}

void clear_event(int descriptor) {
  uint64_t count = 0;
  static_cast<void>(!read(descriptor, &count, sizeof count));  // Nothing to read is as good.
}

void close_event(int descriptor) { close(descriptor); }

}  // namespace nearfar::platform
#endif
