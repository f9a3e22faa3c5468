#include <utility>

#include "helper/channel.h"
#include "helper/channel_callback.h"
#include "helper/threads.h"

// Calls of callbacks for which nobody waits: copied here, and handed to the client one after the
// other, when its event loop has its turn.
namespace nearfar::helper {

// With the callbacks' lock held.
bool Channel::start_delivery() {
  if (!delivers_) delivers_ = run_on_new_thread([this] { deliver(); });
  return delivers_;
}

void Channel::enqueue(const Callback& callback, const abi::Registers& registers,
                      const uint64_t* stack) {
  QueuedCall call = {
      .id = callback.id,
      .image = abi::copy_call(registers, stack, callback.stack_words, callback.references),
      .stack_words = callback.stack_words};
  {
    const std::lock_guard lock(queue_mutex_);
    queue_.push_back(std::move(call));
  }
  queue_filled_.notify_one();
}

void Channel::deliver() {
  channel::CallbackCall& place = lane_.queued;
  for (;;) {
    std::unique_lock lock(queue_mutex_);
    queue_filled_.wait(lock, [this] { return !queue_.empty(); });
    const QueuedCall call = std::move(queue_.front());
    queue_.pop_front();
    lock.unlock();
    hand_over(place, call.id, call.image.data(),
              {call.image.data() + abi::kRegisterWords, call.stack_words});
    // The copy stays until then: arguments may lead to it.
    for (;;) {
      const uint32_t seen = lane_.client.bell.load();
      if (place.answered.load() != 0) break;
      rest(seen);
    }
  }
}

}  // namespace nearfar::helper
