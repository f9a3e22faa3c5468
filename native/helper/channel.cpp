#include "helper/channel.h"

#include <chrono>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <set>
#include <string>
#include <utility>

#include "helper/call.h"
#include "helper/frame_receiver.h"
#include "helper/log.h"
#include "helper/process.h"
#include "helper/sandbox.h"
#include "helper/threads.h"
#include "platform/adaptive_spin.h"
#include "platform/doorbell.h"
#include "platform/error_number.h"

namespace nearfar::helper {
namespace {

using namespace std::chrono_literals;
using channel::CallState;

constexpr auto kClosed = static_cast<uint32_t>(abi::Failure::kClosed);

constexpr int kSpinRounds = 64;  // Between two looks at the clock.

// Nothing is lost if a signal to wake is: this is how long it takes to notice.
constexpr auto kLongestSleep = 1s;

// The text at an address, if it fits: copied up to its end, which nobody knows before.
uint32_t copy_text(const abi::Registers& registers, char* target) {
  const char* const text = reinterpret_cast<const char*>(registers.result_gp[0]);
  if (text == nullptr) return channel::kNoText;
  const size_t length = strnlen(text, channel::kTextBytes);
  if (length == channel::kTextBytes) return channel::kNoText;
  std::memcpy(target, text, length);
  return static_cast<uint32_t>(length);
}

size_t image_bytes(const ChannelPlan& plan) {
  return abi::kRegisterBytes + plan.stack_words * sizeof(uint64_t);
}

// The status for the client. `rows` is the address of a vector call's, or 0.
uint32_t call(const ChannelPlan& plan, abi::Registers& registers, int32_t& error, uint64_t rows) {
  if (plan.target == nullptr) return kClosed;
  if (const Problem problem = enter_sandbox()) {
    log(LogLevel::kError, problem->message);
    end_process(EXIT_FAILURE);
  }
  const char* const outer = exchange_current_function(plan.name);
  if (plan.captures_error) platform::set_error_number(0);
  if (rows != 0) {
    run_rows(plan, registers, *reinterpret_cast<channel::Rows*>(static_cast<uintptr_t>(rows)));
  } else {
    plan.execute(plan.target, registers);
  }
  if (plan.captures_error) error = platform::error_number();
  exchange_current_function(outer);
  return 0;
}

}  // namespace

const char* keep_name(const std::string& name) {
  static std::mutex mutex;
  static std::set<std::string>& names = *new std::set<std::string>;
  const std::lock_guard lock(mutex);
  return names.insert(name).first->c_str();
}

Result<std::unique_ptr<Channel>> Channel::open(const SharedRange& lane, const SharedRange& heap,
                                               int event) {
  if (lane.bytes < sizeof(channel::Lane)) {
    return Error{ErrorCode::kInvalidArgument, "the lane is too small"};
  }
  Result<platform::SharedMemory> shared_lane =
      platform::SharedMemory::open(lane.descriptor, lane.address, lane.bytes);
  if (!shared_lane) return shared_lane.error();
  Result<platform::SharedMemory> shared_heap =
      platform::SharedMemory::open(heap.descriptor, heap.address, heap.bytes);
  if (!shared_heap) return shared_heap.error();
  return std::unique_ptr<Channel>(
      new Channel(std::move(shared_lane.value()), std::move(shared_heap.value()), event));
}

bool Channel::start() {
  return run_on_new_thread([this] { serve(); });
}

void Channel::set_plan(uint32_t index, const ChannelPlan& plan) {
  const std::lock_guard lock(plans_mutex_);
  if (plans_.size() <= index) plans_.resize(index + 1);
  plans_[index] = plan;
}

void Channel::serve() {
  for (;;) {
    const uint32_t seen = lane_.client.bell.load();
    if (run_job() || take_call(0)) continue;
    await_client(seen);
  }
}

// By a thread that can do nothing before: it receives the client's next frame, if there are frames
// and nobody else waits for one.
void Channel::await_client(uint32_t seen) {
  if (frames_ == nullptr || !frames_->receive_next(lane_.client.bell, seen)) rest(seen);
}

// Until the client has something new: a look for a while, then asleep.
void Channel::rest(uint32_t seen) {
  static thread_local platform::AdaptiveSpin spin;  // Callbacks come from other threads, too.
  const auto spin_end = std::chrono::steady_clock::now() + spin.limit();
  while (std::chrono::steady_clock::now() < spin_end) {
    for (int round = 0; round < kSpinRounds; ++round) {
      if (lane_.client.bell.load(std::memory_order_acquire) != seen) return spin.found();
      platform::pause_processor();
    }
  }
  spin.missed();
  lane_.helper.sleeps.fetch_add(1);
  // The client rings only if it sees `sleeps`, and sees it if it rings after this comparison.
  if (lane_.client.bell.load() == seen) platform::sleep_on(lane_.client.bell, seen, kLongestSleep);
  lane_.helper.sleeps.fetch_sub(1);
}

void Channel::notify() {
  lane_.helper.bell.fetch_add(1);
  if (lane_.client.sleeps.load() != 0) platform::ring(lane_.helper.bell);
  if (lane_.client.wants_event.exchange(0) == 0) return;
  // Without it the client would wait for ever: a library has closed our descriptors.
  if (!platform::signal_event(event_)) end_process(EXIT_FAILURE);
}

bool Channel::run_job() {
  if (lane_.client.jobs.load(std::memory_order_acquire) == jobs_taken_) return false;
  const uint32_t number = lane_.started[jobs_taken_++ % channel::kSlots];
  if (number < channel::kSlots) run_slot(lane_.slots[number]);
  if (event_ < 0) {
    const channel::Slot& slot = lane_.slots[number];
    send_result(number, {slot.status, slot.error_number, slot.text_length, 0}, slot.registers);
    return true;
  }
  lane_.finished[jobs_done_++ % channel::kSlots] = number;
  lane_.helper.jobs.store(jobs_done_);
  notify();
  return true;
}

void Channel::run_slot(channel::Slot& slot) {
  const ChannelPlan plan = find_plan(slot.plan);
  abi::Registers registers;
  std::memcpy(&registers, &slot.registers, image_bytes(plan));
  slot.status = call(plan, registers, slot.error_number, slot.rows);
  abi::copy_results(slot.registers, registers);
  const bool has_text = slot.status == 0 && plan.gives_text;
  slot.text_length = has_text ? copy_text(registers, reinterpret_cast<char*>(slot.registers.stack))
                              : channel::kNoText;
}

// Whether there was a call: one that the client made at that depth of callbacks.
bool Channel::take_call(uint32_t depth) {
  if (depth > channel::kMaxDepth) return false;
  channel::Call& posted = lane_.calls[depth];
  const auto state = [](CallState value) { return static_cast<uint32_t>(value); };
  if (posted.state.load(std::memory_order_acquire) != state(CallState::kPosted)) return false;
  posted.state.store(state(CallState::kTaken));
  const ChannelPlan plan = find_plan(posted.plan);
  abi::Registers registers;
  std::memcpy(&registers, &posted.registers, image_bytes(plan));
  int32_t error = 0;
  posted.status = call(plan, registers, error, posted.rows);
  posted.error_number = error;
  abi::copy_results(posted.registers, registers);
  if (event_ < 0) {
    posted.state.store(state(CallState::kIdle));
    send_result(channel::kSlots + depth, {posted.status, error, channel::kNoText, 0},
                posted.registers);
    return true;
  }
  posted.state.store(state(CallState::kDone));
  notify();
  return true;
}

// One without a target for a number that no plan has.
ChannelPlan Channel::find_plan(uint32_t index) {
  const std::lock_guard lock(plans_mutex_);
  return index < plans_.size() ? plans_[index] : ChannelPlan{};
}

}  // namespace nearfar::helper
