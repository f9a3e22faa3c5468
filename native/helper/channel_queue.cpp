#include <cstring>
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
    place.id = call.id;
    place.answered.store(0);
    std::memcpy(&place.registers, call.image.data(), abi::kRegisterBytes);
    std::memcpy(place.registers.stack, call.image.data() + abi::kRegisterWords,
                call.stack_words * sizeof(uint64_t));
    if (event_ < 0) {
      send_callback(channel::FrameKind::kQueued, call.id, place.registers, call.stack_words);
    } else {
      lane_.helper.queued.fetch_add(1);
      notify();
    }
    // The copy stays until then: arguments may lead to it.
    for (;;) {
      const uint32_t seen = lane_.client.bell.load();
      if (place.answered.load() != 0) break;
      rest(seen);
    }
  }
}

}  // namespace nearfar::helper
