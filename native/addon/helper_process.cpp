#include "addon/helper_process.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <iterator>
#include <utility>

#include "platform/doorbell.h"

namespace nearfar::addon {

using channel::CallState;
using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;
using namespace std::chrono_literals;

namespace {

constexpr int kSpinRounds = 64;  // Between two looks at the clock.

// How long a death may go unnoticed by a thread that sleeps.
constexpr auto kLongestSleep = 5ms;

milliseconds left_until(Clock::time_point deadline) {
  return std::max(std::chrono::ceil<milliseconds>(deadline - Clock::now()), 0ms);
}

}  // namespace

HelperProcess::HelperProcess(platform::ChildStream control, channel::Lane* lane)
    : control_(std::move(control)), lane_(lane) {}

HelperProcess::HelperProcess(HelperProcess&& other) noexcept
    : process_(std::move(other.process_)),
      control_(std::move(other.control_)),
      event_(std::exchange(other.event_, -1)),
      lane_(other.lane_) {}

Result<HelperProcess> HelperProcess::start(const Start& options) {
  Result<platform::ChildStream> control = platform::ChildStream::open();
  if (!control) return control.error();
  // From here on the object closes what has been opened.
  HelperProcess made(std::move(control.value()), options.lane);
  std::array<int, 3> shared = {options.lane_descriptor, options.heap_descriptor, -1};
  const bool is_shared = options.lane_descriptor >= 0;
  if (is_shared) {
    const Result<int> event = platform::make_event();
    if (!event) return event.error();
    shared.back() = made.event_ = event.value();
  }
  Result<platform::ChildProcess> process =
      platform::ChildProcess::start(options.path, options.arguments, made.control_.other_end(),
                                    std::span(shared).first(is_shared ? shared.size() : 0));
  if (!process) return process.error();
  made.control_.close_other_end();
  made.process_ = std::move(process.value());
  return made;
}

HelperProcess::~HelperProcess() {
  if (event_ >= 0) platform::close_event(event_);
}

platform::FileHandle HelperProcess::news_handle() const {
#if !defined(_WIN32)  // Where no memory is shared, and so there is no event.
  if (event_ >= 0) return event_;
#endif
  return control_.handle();
}

bool HelperProcess::take_news() {
  if (event_ >= 0) platform::clear_event(event_);
  take_frames();
  return frames_ == nullptr || frames_->is_intact();
}

void HelperProcess::begin_frames() {
  if (frames_ == nullptr) frames_ = std::make_unique<HelperFrames>(control_, lane_);
}

void HelperProcess::take_frames() {
  if (frames_ == nullptr) return;
  static_cast<void>(frames_->receive());  // The caller looks for news itself.
  static_cast<void>(has_intact_frames());
}

void HelperProcess::receive_frames() {
  if (frames_->receive()) on_unheard_news_();
}

// A helper whose frames make no sense is ended, so that its end is what everybody sees.
bool HelperProcess::has_intact_frames() {
  if (frames_->is_intact()) return true;
  process_.kill();
  return false;
}

void HelperProcess::start_job(uint32_t slot, uint32_t bytes,
                              std::span<const channel::FrameRange> ranges) {
  const channel::Slot& job = lane_->slots[slot];
  const channel::CallHead head{.plan = job.plan,
                               .image_bytes = bytes,
                               .rows = job.rows,
                               .ranges = static_cast<uint32_t>(ranges.size()),
                               .reserved = 0};
  frames_->send_call(slot, head, job.registers, ranges);
  static_cast<void>(has_intact_frames());
}

void HelperProcess::answer_callback(bool is_queued, bool has_result,
                                    std::span<const channel::FrameRange> ranges) {
  frames_->send_answer(is_queued, has_result, ranges);
  static_cast<void>(has_intact_frames());
}

template <typename Ready>
Waited HelperProcess::wait_for_frames(Ready ready, milliseconds limit) {
  const auto start = Clock::now();
  const auto spin = spin_.limit();
  bool has_slept = false;
  for (;;) {
    receive_frames();
    if (const std::optional<Waited> state = ready()) {
      if (!has_slept) spin_.found();
      return *state;
    }
    const bool is_intact = has_intact_frames();
    const auto waited = Clock::now() - start;
    if (is_intact && waited < spin) continue;
    if (!std::exchange(has_slept, true)) spin_.missed();
    if (limit > 0ms && waited >= limit) return Waited::kTimedOut;
    const auto left = limit > 0ms ? std::optional(left_until(start + limit)) : std::nullopt;
    if (!control_.wait({.readable = is_intact, .end = &process_}, left).ended) continue;
    // What it has sent before its end counts.
    receive_frames();
    return ready().value_or(Waited::kEnded);
  }
}

std::optional<std::string> HelperProcess::request(std::string_view line, milliseconds limit) {
  const auto deadline = Clock::now() + limit;
  if (frames_ == nullptr) {
    return send_line(line, deadline) ? receive_line(deadline) : std::nullopt;
  }
  frames_->send_message(line);
  for (;;) {
    receive_frames();
    if (std::optional<std::string> answer = frames_->take_message()) return answer;
    if (!has_intact_frames()) return {};
    if (!control_.wait({.readable = true}, left_until(deadline)).readable) return {};
  }
}

bool HelperProcess::send_line(std::string_view line, Clock::time_point deadline) {
  while (!line.empty()) {
    const std::optional<size_t> sent = control_.send(line);
    if (!sent) return false;
    line.remove_prefix(*sent);
    if (*sent == 0 && !control_.wait({.writable = true}, left_until(deadline)).writable) {
      return false;
    }
  }
  return true;
}

std::optional<std::string> HelperProcess::receive_line(Clock::time_point deadline) {
  for (;;) {
    if (const size_t end = received_.find('\n'); end != std::string::npos) {
      std::string answer = received_.substr(0, end);
      received_.erase(0, end + 1);
      return answer;
    }
    if (!control_.wait({.readable = true}, left_until(deadline)).readable) return {};
    char bytes[4096];
    const std::optional<size_t> count = control_.receive(bytes);
    if (!count) return {};
    received_.append(bytes, *count);
  }
}

void HelperProcess::notify() {
  lane_->client.bell.fetch_add(1);
  if (lane_->helper.sleeps.load() != 0) platform::ring(lane_->client.bell);
}

// `ready` gives a state once there is one.
template <typename Ready>
Waited HelperProcess::wait(Ready ready, milliseconds limit) {
  if (frames_ != nullptr) return wait_for_frames(ready, limit);
  const auto start = Clock::now();
  const auto spin = spin_.limit();
  bool has_slept = false;
  for (;;) {
    const uint32_t seen = lane_->helper.bell.load();
    if (const std::optional<Waited> state = ready()) {
      if (!has_slept) spin_.found();
      return *state;
    }
    if (Clock::now() - start < spin) {
      for (int round = 0; round < kSpinRounds; ++round) {
        if (lane_->helper.bell.load(std::memory_order_acquire) != seen) break;
        platform::pause_processor();
      }
      continue;
    }
    if (!std::exchange(has_slept, true)) spin_.missed();
    lane_->client.sleeps.store(1);
    if (lane_->helper.bell.load() == seen)
      platform::sleep_on(lane_->helper.bell, seen, kLongestSleep);
    lane_->client.sleeps.store(0);
    if (const std::optional<Waited> state = ready()) return *state;
    if (process_.has_ended()) return Waited::kEnded;
    if (limit > 0ms && Clock::now() - start >= limit) return Waited::kTimedOut;
  }
}

bool HelperProcess::take_callback() {
  const uint32_t asked = lane_->helper.callbacks.load();
  return std::exchange(callbacks_taken_, asked) != asked;
}

Waited HelperProcess::call(const Posted& posted, milliseconds limit) {
  channel::Call& call = lane_->calls[posted.depth];
  call.plan = frame().plan;
  call.rows = posted.rows;
  std::memcpy(&call.registers, &frame().registers, posted.bytes);
  if (frames_ != nullptr) {
    call.state.store(static_cast<uint32_t>(CallState::kPosted));
    const channel::CallHead head{.plan = call.plan,
                                 .image_bytes = posted.bytes,
                                 .rows = posted.rows,
                                 .ranges = static_cast<uint32_t>(posted.ranges.size()),
                                 .reserved = 0};
    frames_->send_call(channel::kSlots + posted.depth, head, call.registers, posted.ranges);
    return resume(posted.depth, limit);
  }
  call.state.store(static_cast<uint32_t>(CallState::kPosted));
  notify();
  return resume(posted.depth, limit);
}

Waited HelperProcess::resume(uint32_t depth, milliseconds limit) {
  channel::Call& call = lane_->calls[depth];
  const auto ready = [&]() -> std::optional<Waited> {
    if (call.state.load() == static_cast<uint32_t>(CallState::kDone)) return Waited::kDone;
    return take_callback() ? std::optional(Waited::kCallback) : std::nullopt;
  };
  const Waited waited = wait(ready, limit);
  if (waited != Waited::kDone) return waited;
  call.state.store(static_cast<uint32_t>(CallState::kIdle));
  frame().status = call.status;
  frame().error_number = call.error_number;
  abi::copy_results(frame().registers, call.registers);
  return waited;
}

Waited HelperProcess::wait_for_jobs(uint32_t seen, milliseconds limit) {
  const auto ready = [this, seen]() -> std::optional<Waited> {
    if (take_callback()) return Waited::kCallback;
    if (lane_->helper.jobs.load() != seen) return Waited::kDone;
    return {};
  };
  return wait(ready, limit);
}

}  // namespace nearfar::addon
