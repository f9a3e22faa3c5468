#include <cstring>

#include "abi/closure.h"
#include "helper/call.h"
#include "helper/channel.h"
#include "helper/channel_callback.h"
#include "platform/error_number.h"

// C function pointers that lead to the client, which runs JavaScript for them.
namespace nearfar::helper {

Channel::Channel(platform::SharedMemory lane, platform::SharedMemory heap, int event)
    : memory_(std::move(lane)),
      heap_(std::move(heap)),
      lane_(*reinterpret_cast<channel::Lane*>(memory_.bytes().data())),
      event_(event) {}

Channel::~Channel() = default;

Result<uint64_t> Channel::make_callback(uint32_t id, const abi::Signature& signature,
                                        ThreadPolicy policy) {
  const Result<abi::Plan> made = abi::make_plan(signature);
  if (!made) return made.error();
  const abi::Plan& plan = made.value();
  const bool in_memory = plan.result.by_reference;
  const std::lock_guard lock(callbacks_mutex_);
  if (policy == ThreadPolicy::kQueue && !start_delivery()) {
    return Error{ErrorCode::kNotSupported, "there is no thread for queued calls"};
  }
  const auto callback = std::make_shared<Callback>(*this);
  callback->id = id;
  callback->policy = policy;
  callback->stack_words = plan.argument_words;
  callback->references = abi::find_references(plan, signature);
  callback->result_bytes = in_memory ? signature.result.size : 0;
  callback->result_offset = in_memory ? plan.result.pieces[0].offset : 0;
  callback->entry = &ClosureEntry<const Callback>::take(callback);
  const Result<void*> closure = abi::make_closure(enter, callback->entry, plan);
  if (!closure) return closure.error();
  callback->closure = closure.value();
  callbacks_[id] = callback;
  return reinterpret_cast<uintptr_t>(closure.value());
}

void Channel::release_callback(uint32_t id) {
  const std::lock_guard lock(callbacks_mutex_);
  callbacks_.erase(id);
}

// Called by C. A callback that is no more, or that failed, gives zero.
void Channel::enter(void* entry, abi::Registers& registers, const uint64_t* stack) {
  const auto known = static_cast<ClosureEntry<const Callback>*>(entry)->callback();
  if (known == nullptr) return;
  const Callback& callback = *known;
  uint64_t memory = 0;
  if (callback.result_bytes != 0) {
    const auto* const image = reinterpret_cast<const std::byte*>(&registers);
    std::memcpy(&memory, image + callback.result_offset, sizeof memory);
  }
  // C may look at errno after the callback.
  const int32_t error = platform::error_number();
  const bool has_result = callback.channel.receive(callback, registers, stack);
  platform::set_error_number(error);
  if (callback.result_bytes == 0) return;
  if (!has_result) std::memset(reinterpret_cast<void*>(memory), 0, callback.result_bytes);
  registers.result_gp[0] = memory;  // Where System V and Win64 want the address back.
}

// Below a call of the client's there is somebody who waits, whatever the policy. Whether there is a
// result.
bool Channel::receive(const Callback& callback, abi::Registers& registers, const uint64_t* stack) {
  if (callback.policy == ThreadPolicy::kBlock || current_function() != nullptr) {
    return ask_client(callback, registers, stack);
  }
  if (callback.policy == ThreadPolicy::kQueue) enqueue(callback, registers, stack);
  return false;
}

// Hands the call to the client and waits for its result; the calls that it makes meanwhile are made
// on this thread, whichever it is.
bool Channel::ask_client(const Callback& callback, abi::Registers& registers,
                         const uint64_t* stack) {
  const std::lock_guard lock(conversation_);
  channel::CallbackCall& call = lane_.callback;
  ++depth_;
  hand_over(call, callback.id, &registers, {stack, callback.stack_words});
  for (;;) {
    const uint32_t seen = lane_.client.bell.load();
    if (take_call(depth_)) continue;
    if (call.answered.load() != 0) break;
    await_client(seen);
  }
  --depth_;
  // The one below on the stack, for whose listener the client made our call, is not answered yet.
  call.answered.store(0);
  const bool has_result = call.has_result != 0;
  if (has_result) abi::copy_results(registers, call.registers);
  return has_result;
}

// Tells the client of a callback's call, in one of the two places of the lane.
void Channel::hand_over(channel::CallbackCall& place, uint32_t id, const void* registers,
                        std::span<const uint64_t> stack) {
  place.id = id;
  place.has_result = 0;
  place.answered.store(0);
  std::memcpy(&place.registers, registers, abi::kRegisterBytes);
  std::memcpy(place.registers.stack, stack.data(), stack.size_bytes());
  const bool is_queued = &place == &lane_.queued;
  if (event_ < 0) return send_callback(is_queued, place, stack.size());
  (is_queued ? lane_.helper.queued : lane_.helper.callbacks).fetch_add(1);
  notify();
}

}  // namespace nearfar::helper
