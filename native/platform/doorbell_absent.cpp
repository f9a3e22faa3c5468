#if !defined(__linux__) || defined(NEARFAR_PORTABLE)
#include <condition_variable>
#include <mutex>

#include "platform/doorbell.h"

// Systems where nothing wakes threads of other processes that sleep on memory. No memory is shared
// there, and so the words are of this process alone.
namespace nearfar::platform {
namespace {

// One for all words: there are few, and who is woken looks again. Never destroyed: threads outlive
// main.
struct Sleepers {
  std::mutex mutex;
  std::condition_variable woken;
};

Sleepers& sleepers() {
  static Sleepers& all = *new Sleepers;
  return all;
}

}  // namespace

void sleep_on(const std::atomic<uint32_t>& word, uint32_t seen, std::chrono::nanoseconds limit) {
  std::unique_lock lock(sleepers().mutex);
  if (word.load() == seen) sleepers().woken.wait_for(lock, limit);
}

void ring(std::atomic<uint32_t>&) {
  // The word has changed before: who holds the lock either sees that or sleeps already.
  { const std::lock_guard lock(sleepers().mutex); }
  sleepers().woken.notify_all();
}

Result<int> make_event() {
  return Error{ErrorCode::kNotSupported, "events of other processes are there on Linux only"};
}

bool signal_event(int) { return false; }
void clear_event(int) {}
void close_event(int) {}

}  // namespace nearfar::platform
#endif
